import type { ClientMessage, Codec, ServerMessage } from '../protocol/codec.js';
import type { Frame } from '../protocol/payload.js';
import type { PrepareOptions } from '../protocol/request.js';
import { prepareRequest } from '../protocol/request.js';
import { createEmitter } from '../rx/emitter.js';
import { guarded } from '../rx/streams.js';
import type { LiveSocket } from '../transport/socket.js';
import type { Payload, RequestInput } from '../types.js';
import type { LiveConnection, LossReason } from './connection.js';
import type { CulpritSearch } from './culprit-search.js';
import { createRouter } from './router.js';
import type { Operation } from './suspects.js';
import type { MessageLog } from './status/events.js';
import { createMessageLog, redact } from './status/events.js';
import { createFlowControl, followSocketPings } from './ws-abilities.js';

/** The options and the state that the connections of one pipeline share. */
export interface ConnectionOptions extends Pick<PrepareOptions, 'print'> {
  readonly generateId: () => string;
  readonly search: CulpritSearch;
}

/** A connection as the handshake holds it. */
export interface OwnConnection extends LiveConnection {
  readonly log: MessageLog;
  /** The server has acknowledged the connection. */
  acknowledge(payload: unknown): void;
  /** A message has come, and is not for the handshake. */
  receive(message: ServerMessage, frame: Frame): void;
  /** The connection is over. */
  lose(why: LossReason): void;
}

/** Types of messages that need no operation. A `complete` may cross ours, and answers the legacy `stop`. */
const expected = ['ping', 'pong', 'complete'];

export function createConnection(
  socket: LiveSocket,
  codec: Codec,
  { generateId, search, print }: ConnectionOptions,
): OwnConnection {
  const { events, acknowledged, settled } = socket.session();
  const messages = createEmitter<ServerMessage>();
  const theirPings = createEmitter<ServerMessage>();
  const heartbeats = createEmitter<undefined>();
  const losses = createEmitter<true>();
  const log = createMessageLog(events);
  const { subprotocol, canPing } = codec;
  let received = 0;
  let ackPayload: unknown;
  let isAcknowledged = false;
  let lost = false;
  let onlyRefused: boolean | undefined;
  /** Our pings that were not answered yet. */
  let pings = 0;
  const isOver = () => lost || socket.isClosing();

  const encode = (message: ClientMessage, payload: string | undefined) => {
    if (payload === undefined) return codec.encode(message);
    const { type, id } = message as { type: 'complete'; id: string };
    return `${codec.encode({ type, id }).slice(0, -1)},"payload":${payload}}`;
  };
  const send = (message: ClientMessage, payload?: string) => {
    const frame = encode(message, payload);
    if (!frame || isOver()) return;
    if (events.observed) log('sent', ...redact(message, frame, codec));
    // a listener may have closed it
    if (isOver()) return;
    if (message.type === 'ping') pings += 1;
    socket.send(frame);
  };
  const heard = (type: string) => {
    if (type === 'pong' && pings > 0) pings -= 1;
    else if (type === 'ping' || type === 'pong') heartbeats.next(undefined);
  };
  const pingSocket = followSocketPings(socket, events, (type) => {
    heard(type);
    received += 1;
    // a pong even for a ping, because `ws` has answered the ping
    messages.next({ type: 'pong' });
  });
  const ping = () => {
    if (canPing) send({ type: 'ping' });
    else {
      pings += 1;
      pingSocket?.();
    }
  };
  const router = createRouter(send, generateId, isOver, search);
  const lose = (why: LossReason, left = false, disposed = false) => {
    // after close() in the midst of a loss, the operations that were not told yet are told of close()
    if (lost && !disposed) return;
    lost = true;
    losses.complete(true);
    router.lose(why, isAcknowledged && !left);
    messages.complete();
  };

  return {
    subprotocol,
    get ackPayload() {
      return ackPayload;
    },
    get lost() {
      return isOver();
    },
    lost$: losses.stream$,
    get onlyRefused() {
      return onlyRefused === true;
    },
    get received() {
      return received;
    },
    messages$: messages.stream$,
    ping$: theirPings.stream$,
    canPing,
    heartbeat$: heartbeats.stream$,
    ping: canPing || pingSocket ? ping : undefined,
    ...createFlowControl(socket, isOver),
    send(message) {
      send(message);
    },
    start: router.start,
    stop(operation, tookResult) {
      router.stop(operation as Operation, tookResult);
    },
    execute<TData, TVariables>(request: RequestInput<TData, TVariables>) {
      return guarded<Payload<TData>>((subscriber) => {
        const operation = router.start(prepareRequest(request, { print }), subscriber);
        return () => {
          router.stop(operation);
        };
      });
    },
    settle: settled,
    giveUp(error) {
      socket.close(error);
      lose(() => error);
    },
    leave(why, disposed) {
      if (!lost) search.end();
      router.stopAll();
      send({ type: 'terminate' });
      lose(why, true, disposed);
    },
    log,
    acknowledge(payload) {
      ackPayload = payload;
      isAcknowledged = true;
      acknowledged();
      router.begin();
    },
    receive(message, frame) {
      const { type } = message;
      received += 1;
      if (type === 'next') {
        if (onlyRefused !== false) settled();
        onlyRefused = false;
      } else {
        heard(type);
        if (type === 'ping') theirPings.next(message);
        else if (type === 'error') onlyRefused ??= true;
      }
      if (messages.observed) messages.next(message);
      if (('id' in message && router.route(message)) || expected.includes(type)) return;
      events.next(
        type === 'next'
          ? { type: 'orphaned', id: message.id }
          : { type: 'unhandled', frame: String(frame) },
      );
    },
    lose,
  };
}
