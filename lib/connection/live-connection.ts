import { Observable } from 'rxjs';
import type { ClientMessage, Codec, ServerMessage } from '../protocol/codec.js';
import type { Frame } from '../protocol/payload.js';
import type { PreparedRequest, PrepareOptions } from '../protocol/request.js';
import { prepareRequest } from '../protocol/request.js';
import { createEmitter } from '../rx/emitter.js';
import { throwLater } from '../rx/streams.js';
import type { LiveSocket } from '../transport/socket.js';
import type { Payload, RequestInput } from '../types.js';
import type { LiveConnection, LossReason } from './connection.js';
import { createFlowControl } from './flow-control.js';
import { createRefusedOperations, whenServerHasRead } from './refused-operations.js';
import type { Operation } from './router.js';
import { createRouter } from './router.js';
import { createMessageLog, redact } from './status/events.js';

/** The options and the state that the connections of one pipeline share. */
export interface ConnectionOptions extends Pick<PrepareOptions, 'print'> {
  readonly generateId: () => string;
  readonly suspects: WeakSet<PreparedRequest>;
}

/** The end of a connection that the handshake holds. */
export interface ConnectionControl {
  readonly connection: LiveConnection;
  /** The server has acknowledged the connection. */
  acknowledge(payload: unknown): void;
  /** A message has come, and is not for the handshake. */
  receive(message: ServerMessage, frame: Frame): void;
  /** A message has come: for the events. */
  log(message: ServerMessage, frame: Frame): void;
  /** The connection is over. */
  lose(why: LossReason): void;
}

export function createConnection(
  socket: LiveSocket,
  codec: Codec,
  { generateId, suspects, print }: ConnectionOptions,
): ConnectionControl {
  const { events, acknowledged, settled } = socket.session();
  const messages = createEmitter<ServerMessage>();
  const theirPings = createEmitter<ServerMessage>();
  const heartbeats = createEmitter<undefined>();
  const losses = createEmitter<undefined>();
  /** Pongs of the GraphQL protocol. */
  const pongs = createEmitter<undefined>();
  const log = createMessageLog(events);
  let received = 0;
  let ack: { readonly payload: unknown } | undefined;
  let lost = false;
  let onlyRefused: boolean | undefined;
  /** Our pings that were not answered yet. */
  let pings = 0;
  const isOver = () => lost || socket.isClosing();

  const encodeWith = (payload: string, message: ClientMessage) => {
    const { payload: _sameParsed, ...envelope } = message as { payload?: unknown };
    return `${codec.encode(envelope as ClientMessage).slice(0, -1)},"payload":${payload}}`;
  };
  const send = (message: ClientMessage, payload?: string) => {
    const frame = payload === undefined ? codec.encode(message) : encodeWith(payload, message);
    if (!frame || isOver()) return;
    if (events.observed) log('sent', ...redact(message, frame, codec));
    // a listener may have closed it
    if (isOver()) return;
    if (message.type === 'ping') pings += 1;
    socket.send(frame);
  };
  const protocolPing = codec.canPing
    ? () => {
        send({ type: 'ping' });
      }
    : undefined;
  const socketPing = () => {
    log('sent', { type: 'ping' });
    pings += 1;
    socket.ping?.();
  };
  const refused = createRefusedOperations<Operation>(suspects, () =>
    whenServerHasRead(pongs.stream$, protocolPing, pings),
  );
  const router = createRouter(send, generateId, isOver, refused);
  const heard = (type: string) => {
    const answers = type === 'pong' && pings > 0;
    if (answers) pings -= 1;
    if (type === 'ping' || (type === 'pong' && !answers)) heartbeats.next(undefined);
  };
  const receive = (message: ServerMessage, frame: Frame) => {
    const { type } = message;
    received += 1;
    if (type === 'next') {
      if (onlyRefused !== false) {
        onlyRefused = false;
        settled();
      }
    } else {
      heard(type);
      if (type === 'ping') theirPings.next(message);
      else if (type === 'pong') pongs.next(undefined);
      else if (type === 'error') onlyRefused ??= true;
    }
    if (messages.observed) messages.next(message);
    const handled = 'id' in message ? router.route(message) : type === 'ping' || type === 'pong';
    // a `complete` may cross ours, and answers the legacy `stop`
    if (handled || type === 'complete') return;
    events.next(
      type === 'next'
        ? { type: 'orphaned', id: message.id }
        : { type: 'unhandled', frame: String(frame) },
    );
  };
  const lose = (why: LossReason, left = false, disposed = false) => {
    // after close() in the midst of a loss, the operations that were not told yet are told of close()
    if (lost && !disposed) return;
    const first = !lost;
    lost = true;
    if (first) losses.next(undefined);
    router.lose(why, ack !== undefined && !left);
    losses.complete();
    messages.complete();
  };
  // eslint-disable-next-line rxjs-x/no-ignored-error -- it never errors
  socket.heartbeat$?.subscribe({
    next(type) {
      if (isOver()) return;
      log('received', { type });
      heard(type);
      received += 1;
      // a pong even for a ping, because `ws` has answered the ping
      messages.next({ type: 'pong' });
    },
  });

  const connection: LiveConnection = {
    subprotocol: codec.subprotocol,
    get ackPayload() {
      return ack?.payload;
    },
    get lost() {
      return isOver();
    },
    lost$: new Observable((subscriber) => {
      if (lost) subscriber.next(undefined);
      return losses.stream$.subscribe(subscriber);
    }),
    get onlyRefused() {
      return onlyRefused === true;
    },
    get received() {
      return received;
    },
    messages$: messages.stream$,
    ping$: theirPings.stream$,
    canPing: codec.canPing,
    heartbeat$: heartbeats.stream$,
    ping: protocolPing ?? (socket.ping && socketPing),
    ...createFlowControl(socket, isOver),
    send(message) {
      send(message);
    },
    start: router.start,
    stop(operation) {
      router.stop(operation as Operation);
    },
    execute<TData, TVariables>(request: RequestInput<TData, TVariables>) {
      return new Observable<Payload<TData>>((subscriber) => {
        try {
          const operation = router.start(prepareRequest(request, { print }), subscriber);
          return () => {
            router.stop(operation);
          };
        } catch (error) {
          return throwLater(error).subscribe(subscriber);
        }
      });
    },
    settle: settled,
    giveUp(error) {
      socket.close(error);
      lose(() => error);
    },
    leave(why, disposed) {
      router.stopAll();
      send({ type: 'terminate' });
      lose(why, true, disposed);
    },
  };
  return {
    connection,
    acknowledge(payload) {
      ack = { payload };
      acknowledged();
    },
    receive,
    log(message, frame) {
      log('received', message, frame);
    },
    lose,
  };
}
