import { Observable } from 'rxjs';
import { createEmitter } from '../emitter.js';
import type { GraphQLSocketError } from '../errors.js';
import { SocketDisposedError } from '../errors.js';
import type { Frame } from '../long-frame.js';
import type { ClientMessage, Codec, ServerMessage } from '../protocol/codec.js';
import type { PreparedRequest, PrepareOptions } from '../protocol/request.js';
import { prepareRequest } from '../protocol/request.js';
import type { DialledSocket } from '../transport/dialled-socket.js';
import type { OpenSocket } from '../transport/dialled-socket.js';
import { throwLater } from '../throw-later.js';
import type { Payload, RequestInput } from '../types.js';
import type { LiveConnection } from './connection.js';
import type { Operation } from './operation.js';
import { createOperations } from './operations.js';
import { createPausing } from './pausing.js';
import { createQuarantine, hasRead } from './quarantine.js';
import { redact } from './redact.js';
import type { Tap } from './wire-log.js';
import { createWireLog } from './wire-log.js';

export interface ConnectionOptions extends Pick<PrepareOptions, 'print'> {
  readonly generateId: () => string;
  /** Requests of which one has made a server of ours close the connection. */
  readonly suspects: WeakSet<PreparedRequest>;
  readonly tap: Tap;
}

/** A connection on a socket of ours, or of anybody's. */
export function createConnection(
  socket: OpenSocket & Partial<DialledSocket>,
  codec: Codec,
  { generateId, suspects, print, tap }: ConnectionOptions,
): LiveConnection {
  const messages = createEmitter<ServerMessage>();
  const theirPings = createEmitter<ServerMessage>();
  const heartbeats = createEmitter<undefined>();
  /** Of the protocol, not of the WebSocket. */
  const pongs = createEmitter<undefined>();
  let received = 0;
  const log = createWireLog(tap);
  let ack: { readonly payload: unknown } | undefined;
  let lost = false;
  let fruitless: boolean | undefined;
  const { ping: socketPing } = socket;
  /** Ours that were not answered yet. */
  let pings = 0;
  const isOver = () => lost || socket.closing === true;

  const send = (message: ClientMessage) => {
    const frame = codec.encode(message);
    if (!frame || isOver()) return;
    if (tap.observed) log('sent', ...redact(message, frame, codec));
    // who watched may have closed it
    if (isOver()) return;
    if (message.type === 'ping') pings += 1;
    socket.send(frame);
  };
  const ping = codec.canPing
    ? () => {
        send({ type: 'ping' });
      }
    : undefined;
  const quarantine = createQuarantine<Operation>(suspects, () =>
    hasRead(pongs.stream$, ping, pings),
  );
  const operations = createOperations(send, generateId, isOver, quarantine);
  const heard = (type: string) => {
    const answers = type === 'pong' && pings > 0;
    if (answers) pings -= 1;
    if (type === 'ping' || (type === 'pong' && !answers)) heartbeats.next(undefined);
  };
  const receive = (message: ServerMessage, frame: Frame) => {
    const { type } = message;
    received += 1;
    if (type === 'next') fruitless = false;
    else {
      heard(type);
      if (type === 'ping') theirPings.next(message);
      else if (type === 'pong') pongs.next(undefined);
      else if (type === 'error') fruitless ??= true;
    }
    if (messages.observed) messages.next(message);
    const handled =
      'id' in message ? operations.route(message) : type === 'ping' || type === 'pong';
    // a `complete` may cross ours, and answers the legacy `stop`
    if (handled || type === 'complete') return;
    tap.next(
      type === 'next'
        ? { type: 'orphaned', id: message.id }
        : { type: 'unhandled', frame: String(frame) },
    );
  };
  const lose = (error: GraphQLSocketError) => {
    // close() in the midst of a loss: those that were not told of the loss yet are told of that
    if (lost && !(error instanceof SocketDisposedError)) return;
    lost = true;
    operations.lose(error, ack !== undefined);
    messages.complete();
  };
  socket.heartbeat$?.subscribe({
    next(type) {
      if (isOver()) return;
      log('received', { type });
      heard(type);
      // nobody is to answer it: `ws` has
      received += 1;
      messages.next({ type: 'pong' });
    },
    error: lose,
  });

  return {
    subprotocol: codec.subprotocol,
    get ackPayload() {
      return ack?.payload;
    },
    get lost() {
      return isOver();
    },
    get fruitless() {
      return fruitless === true;
    },
    get received() {
      return received;
    },
    messages$: messages.stream$,
    ping$: theirPings.stream$,
    canPing: codec.canPing,
    heartbeat$: heartbeats.stream$,
    ping:
      ping ??
      (socketPing &&
        (() => {
          log('sent', { type: 'ping' });
          pings += 1;
          socketPing();
        })),
    ...createPausing(socket, isOver),
    log,
    send,
    start: operations.start,
    stop: operations.stop,
    execute<TData, TVariables>(request: RequestInput<TData, TVariables>) {
      return new Observable<Payload<TData>>((subscriber) => {
        try {
          const operation = operations.start(prepareRequest(request, { print }), subscriber);
          return () => {
            operations.stop(operation);
          };
        } catch (error) {
          return throwLater(error).subscribe(subscriber);
        }
      });
    },
    acknowledge(payload) {
      ack = { payload };
    },
    receive,
    lose,
    abandon(error) {
      socket.end?.();
      lose(error);
    },
    leave(error) {
      operations.stopAll();
      send({ type: 'terminate' });
      lose(error);
    },
  };
}
