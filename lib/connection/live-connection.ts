import type { Observable } from 'rxjs';
import { asyncScheduler, noop } from 'rxjs';
import type { GraphQLSocketError, HandshakeError } from '../errors.js';
import { ConnectionClosedError, printable } from '../errors.js';
import type { ClientMessage, Codec, ServerMessage } from '../protocol/codec.js';
import type { Frame } from '../protocol/payload.js';
import type { PrepareOptions } from '../protocol/request.js';
import { prepareRequest } from '../protocol/request.js';
import { createEmitter } from '../rx/emitter.js';
import { guarded } from '../rx/streams.js';
import type { LiveSocket } from '../transport/socket.js';
import type { Payload, RequestFields, RequestInput } from '../types.js';
import type { LiveConnection, LossReason } from './connection.js';
import type { CulpritSearch } from './culprit-search.js';
import { createRouter } from './router.js';
import type { ServerExperience } from './server-experience.js';
import { markRefusal } from './server-experience.js';
import type { Operation } from './suspects.js';
import type { MessageLog } from './status/events.js';
import { createMessageLog, redact } from './status/events.js';
import { createFlowControl, followSocketPings } from './ws-abilities.js';

/** The options and the state that the connections of one pipeline share. */
export interface ConnectionOptions extends Pick<PrepareOptions, 'print'> {
  readonly generateId: (request: RequestFields) => string;
  readonly search: CulpritSearch;
  readonly experience: ServerExperience;
}

/** A connection as the handshake holds it. */
export interface OwnConnection extends LiveConnection {
  readonly log: MessageLog;
  /** The server has acknowledged the connection. */
  acknowledge(payload: unknown): void;
  /** Shows what came in place of an ack, as the end of a message. */
  readonly unexpected: string;
  /** A message has come, and is not for the handshake. Returns an error if the server does not speak the subprotocol that it selected. */
  receive(message: ServerMessage, frame: Frame): HandshakeError | undefined;
  /** The connection is over. */
  lose(why: LossReason): void;
  /** Is told that the socket cannot send. */
  failed: (error: GraphQLSocketError) => void;
}

/** Types of messages that need no operation. A `complete` may cross ours, and answers the legacy `stop`. */
const expected = ['ping', 'pong', 'complete'];

export function createConnection(
  socket: LiveSocket,
  codec: Codec,
  { generateId, search, print, experience }: ConnectionOptions,
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
  let isInitialised = false;
  let unexpected = '';
  let isAcknowledged = false;
  let lost = false;
  let isSettled = false;
  /** The type of the message over which the socket threw. */
  let unsent: ClientMessage['type'] | undefined;
  /** Our pings that were not answered yet. */
  let pings = 0;
  let pingedAt = 0;
  let pongWithin = 10_000;
  const isOver = () => lost || socket.isClosing();

  /** Lets the socket send a message of this type. One that throws is lost. */
  const ask = (type: ClientMessage['type'], work: () => void) => {
    try {
      work();
    } catch (cause) {
      unsent = type;
      own.failed(new ConnectionClosedError(1006, '', false, { cause }));
    }
  };
  const encode = (message: ClientMessage, payload: string | undefined) => {
    if (payload === undefined) return codec.encode(message);
    const { type, id } = message as { type: 'complete'; id: string };
    return `${codec.encode({ type, id }).slice(0, -1)},"payload":${payload}}`;
  };
  const send = (message: ClientMessage, payload?: string) => {
    const frame = encode(message, payload);
    const { length } = frame;
    if (!length || isOver()) return length;
    if (events.observed) log('sent', ...redact(message, frame, codec));
    // a listener may have closed it
    if (isOver()) return length;
    if (message.type === 'ping') {
      pings += 1;
      pingedAt = asyncScheduler.now();
    }
    if (message.type === 'init') isInitialised = true;
    ask(message.type, () => {
      socket.send(frame);
    });
    return length;
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
  const usesPings = canPing && experience.knowsPings;
  const ping = (within: number | false) => {
    pongWithin = within === false ? Infinity : within;
    if (usesPings) send({ type: 'ping' });
    else {
      pings += 1;
      if (pingSocket) ask('ping', pingSocket);
    }
  };
  const judgeUnknown = experience.judgeUnknown(subprotocol);
  const router = createRouter(send, generateId, isOver, search);
  const lose = (why: LossReason, left = false, disposed = false) => {
    // after close() in the midst of a loss, the operations that were not told yet are told of close()
    if (lost && !disposed) return;
    lost = true;
    if (isInitialised && !isAcknowledged) markRefusal(why(), unexpected);
    const isPinged = usesPings && pings > 0 && !left && !unsent;
    const overPing =
      isPinged && experience.endedOverPing(why(), pingedAt, pongWithin, pingSocket !== undefined);
    losses.complete(true);
    // a socket may stumble over an operation, and over nothing else
    const mayBeRefusal = !overPing && (!unsent || unsent === 'subscribe');
    router.lose(why, isAcknowledged && !left && mayBeRefusal);
    messages.complete();
  };

  const own: OwnConnection = {
    subprotocol,
    get unexpected() {
      return unexpected;
    },
    get ackPayload() {
      return ackPayload;
    },
    get lost() {
      return isOver();
    },
    lost$: losses.stream$,
    useful: false,
    get received() {
      return received;
    },
    messages$: messages.stream$,
    ping$: theirPings.stream$,
    canPing,
    heartbeat$: heartbeats.stream$,
    ping: usesPings || pingSocket ? ping : undefined,
    ...createFlowControl(socket, isOver),
    send(message) {
      send(message);
    },
    start: router.start,
    stop(operation, tookResult) {
      router.stop(operation as Operation, tookResult);
    },
    execute<TData, TVariables>(request: RequestInput<TData, TVariables>) {
      return guarded<Payload>((subscriber) => {
        const operation = router.start(prepareRequest(request, { print }), subscriber);
        return () => {
          router.stop(operation);
        };
      }) as Observable<Payload<TData>>;
    },
    settle: settled,
    giveUp(error, code, reason) {
      socket.close(error, code, reason);
      lose(() => error, code !== undefined);
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
      if (type === 'unknown') {
        const text = String(frame);
        const foreign = isAcknowledged ? judgeUnknown(text, router.isBusy) : undefined;
        if (foreign) return foreign;
        if (!isAcknowledged) unexpected = `; the server sent ${printable(text)}`;
      } else if (isAcknowledged) experience.understood();
      if (type === 'next') {
        if (!isSettled) settled();
        isSettled = true;
      } else {
        heard(type);
        if (type === 'pong' && canPing) experience.ponged();
        if (type === 'ping') theirPings.next(message);
      }
      if (messages.observed) messages.next(message);
      if (('id' in message && router.route(message)) || expected.includes(type)) return undefined;
      events.next(
        type === 'next'
          ? { type: 'orphaned', id: message.id }
          : { type: 'unhandled', frame: String(frame) },
      );
      return undefined;
    },
    lose,
    failed: noop,
  };
  return own;
}
