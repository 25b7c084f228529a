import type { ExecutionResult, GraphQLFormattedError, SentRequest } from 'rx-graphql-ws';
import { asyncScheduler } from 'rxjs';
import type { ClientClose, FakeWebSocket } from './fake-web-socket.js';
import { parseSent, plainErrors, type SentMessage, wireNames, withPlainErrors } from './wire.js';
import { withGetters } from './with-getters.js';

/** The controls of a fake server. All times are those of rxjs, so they are virtual in virtual time. */
export interface FakePeerControls {
  /**
   * Accepts the dial. Has no effect when the client has left. The client fails, as `ws` and browsers do, if the subprotocol was not offered,
   * or if none is selected although some were offered: WHATWG WebSockets, section 2.
   * @param subprotocol - the selected one, an empty string for none; default: the first one offered
   * @throws Error - the socket was opened, closed or failed before
   */
  open(subprotocol?: string): void;
  ack(payload?: unknown): void;
  /** Sends a result: `{ data }`. */
  next(operation: OperationRef, data: unknown): void;
  /** Sends a whole result, or any object in its place. An `Error` among its errors is sent with its message. */
  result(operation: OperationRef, payload: ExecutionResult | object): void;
  /** Sends the `error` message, which ends the operation. An `Error` is sent with its message, `locations`, `path` and `extensions`. */
  error(operation: OperationRef, errors: readonly (GraphQLFormattedError | Error)[]): void;
  /** Ends the operation. */
  complete(operation: OperationRef): void;
  /** Sends a heartbeat that needs no answer: `ka` on the legacy protocol, `pong` on the current one. */
  ka(): void;
  /** Pings the client. @throws Error - the legacy protocol has no ping */
  ping(payload?: unknown): void;
  /** Sends raw frames in one tick: text and bytes unchanged, objects as JSON. @throws Error - the socket was not opened yet */
  send(...frames: readonly unknown[]): void;
  /** Closes the socket: it is CLOSING at once, `close` comes later. Defaults: 1005, no reason, and true except for the code 1006. */
  close(code?: number, reason?: string, wasClean?: boolean): void;
  /** Ends the connection without a close frame: 1006. */
  drop(): void;
  /** Fires `error`, then `close` with 1006, each asynchronously, as for a refused dial. */
  fail(error?: unknown): void;
  /** From now on the server answers neither the client's close frame nor its WebSocket pings. */
  ignoreClose(): void;
  /** Fires an event that only `ws` has, such as `upgrade` or `pong`. @throws Error - the sockets were made without `ws: true` */
  emit(event: string, ...values: readonly unknown[]): void;
}

/** The id of an operation, or its number on this connection: 1 for the first one sent. */
export type OperationRef = string | number;

/** An operation that the client sent. */
export interface FakeOperation {
  readonly id: string;
  readonly request: SentRequest;
}

/** The server's end of one socket. */
export interface FakePeer extends FakePeerControls {
  /** Counts the dials from 1. */
  readonly attempt: number;
  readonly url: string;
  readonly offered: readonly string[];
  /** The third argument of the constructor. */
  readonly options: unknown;
  /** ms since the epoch; the frame in virtual time. */
  readonly dialledAt: number;
  /** 0 CONNECTING, 1 OPEN, 2 CLOSING, 3 CLOSED. */
  readonly readyState: number;
  /** The selected subprotocol; an empty string before `open()`. */
  readonly subprotocol: string;
  /** The client's messages, in order. */
  readonly sent: readonly SentMessage[];
  /** The same messages as text, with their times in ms since the epoch. */
  readonly frames: readonly { readonly at: number; readonly text: string }[];
  /** The client's operations, in order, also those that have ended. */
  readonly operations: readonly FakeOperation[];
  /** Every call by which the client ended the socket. */
  readonly closes: readonly ClientClose[];
  /** The times of the client's WebSocket pings (`ws` only), in ms since the epoch. */
  readonly pings: readonly number[];
  /** Whether the client has stopped reading (`ws` only). Frames and events then wait until it goes on. */
  readonly paused: boolean;
}

type Dial = Pick<FakePeer, 'attempt' | 'url' | 'offered' | 'options'>;

export function createFakePeer(
  { socket, closes, pings, controls, isPaused: paused }: FakeWebSocket,
  frames: FakePeer['frames'],
  dial: Dial,
): FakePeer {
  const sent = () => frames.map(({ text }) => parseSent(text));
  const operations = (): readonly FakeOperation[] =>
    sent()
      .filter(({ type }) => type === wireNames(socket.protocol).subscribe)
      .map(({ id, payload }) => ({ id: String(id), request: payload as SentRequest }));
  return withGetters(
    {
      ...{ ...dial, dialledAt: asyncScheduler.now(), frames, closes, pings },
      ...controls,
      ...messagesOf(controls.send, socket, operations),
    },
    {
      readyState: () => socket.readyState,
      subprotocol: () => socket.protocol,
      ...{ sent, operations, paused },
    },
  );
}

function messagesOf(
  send: (message: object) => void,
  socket: { readonly protocol: string },
  operations: () => readonly FakeOperation[],
): Omit<FakePeerControls, keyof FakeWebSocket['controls']> {
  const names = () => wireNames(socket.protocol);
  const idOf = (operation: OperationRef) => findId(operations(), operation);
  const result: FakePeer['result'] = (operation, payload) =>
    send({ type: names().next, id: idOf(operation), payload: withPlainErrors(payload) });
  return {
    ack: (payload) => send({ type: 'connection_ack', payload }),
    next: (operation, data) => result(operation, { data }),
    result,
    error: (operation, errors) =>
      send({ type: 'error', id: idOf(operation), payload: plainErrors(errors) }),
    complete: (operation) => send({ type: 'complete', id: idOf(operation) }),
    ka: () => send({ type: names().heartbeat }),
    ping: (payload) => {
      const type = names().ping;
      if (type === undefined)
        throw new Error('the legacy protocol has no ping: its heartbeat is ka()');
      send({ type, payload });
    },
  };
}

function findId(operations: readonly FakeOperation[], operation: OperationRef): string {
  const [found, name] =
    typeof operation === 'number'
      ? [operations[operation - 1], `${operation}`]
      : [operations.find(({ id }) => id === operation), `"${operation}"`];
  if (found) return found.id;
  const sent = operations.map(({ id }) => `"${id}"`).join(', ') || 'none';
  throw new Error(`no operation ${name} was sent on this connection; sent were: ${sent}`);
}
