import type { ExecutionResult, GraphQLFormattedError, SentRequest } from 'rx-graphql-ws';
import type { ClientClose } from './fake-web-socket.js';
import type { SentMessage } from './sent-message.js';

/** What a fake server can do to a socket. Times are rxjs': virtual where time is. */
export interface FakePeerControls {
  /**
   * Accepts the dial; in vain if the client has left.
   *
   * @param subprotocol - the one selected; by default the first that was offered
   * @throws Error - it was opened, closed or failed before
   */
  open(subprotocol?: string): void;
  /** Acknowledges: `connection_ack`. */
  ack(payload?: unknown): void;
  /** Sends a result: `{ data }`. */
  next(operation: OperationRef, data: unknown): void;
  /** Sends a whole result, or whatever stands in its place. An `Error` among its errors counts with its message. */
  result(operation: OperationRef, payload: ExecutionResult | object): void;
  /**
   * Refuses or fails the operation: the `error` message.
   *
   * @param errors - of an `Error`: its message, and its `locations`, `path` and `extensions`, if it has them
   */
  error(operation: OperationRef, errors: readonly (GraphQLFormattedError | Error)[]): void;
  /** Ends the operation. */
  complete(operation: OperationRef): void;
  /** A heartbeat that wants no answer: `ka`, on the current protocol an unsolicited `pong`. */
  ka(): void;
  /**
   * Pings the client.
   *
   * @throws Error - on the legacy protocol, which has no ping
   */
  ping(payload?: unknown): void;
  /**
   * Sends raw frames in one tick: text and bytes as they are, objects as JSON. In vain once the socket is closed.
   *
   * @throws Error - before `open()`
   */
  send(...frames: readonly unknown[]): void;
  /**
   * Closes the socket: it is CLOSING at once, and the client hears of it asynchronously. No code closes without one (1005).
   *
   * @param wasClean - by default whether the code is any but 1006
   */
  close(code?: number, reason?: string, wasClean?: boolean): void;
  /** Ends the connection without a close frame: 1006. */
  drop(): void;
  /** An `error` event, then `close` with 1006, each asynchronously: what a client sees of a refused dial. */
  fail(error?: unknown): void;
  /** From now on the client's close frame finds no answer. */
  ignoreClose(): void;
  /**
   * An event that only `ws` has: `upgrade`, `unexpected-response`, `pong`.
   *
   * @throws Error - without `fakeSocket({ ws: true })`
   */
  emit(event: string, ...values: readonly unknown[]): void;
}

/** The id of an operation, or its number on this connection: 1 for the first that was sent. */
export type OperationRef = string | number;

/** An operation that the client sent. */
export interface FakeOperation {
  readonly id: string;
  readonly request: SentRequest;
}

/** The server's end of one socket that was dialled. */
export interface FakePeer extends FakePeerControls {
  /** Counts the dials from 1. */
  readonly attempt: number;
  readonly url: string;
  /** The subprotocols offered. */
  readonly offered: readonly string[];
  /** Third argument of the constructor. */
  readonly options: unknown;
  /** ms since the epoch; in virtual time the frame. */
  readonly dialledAt: number;
  /** 0 CONNECTING, 1 OPEN, 2 CLOSING, 3 CLOSED. */
  readonly readyState: number;
  /** The subprotocol selected; an empty string before. */
  readonly subprotocol: string;
  /** What the client sent, in order. */
  readonly sent: readonly SentMessage[];
  /** The same as text, with times: ms since the epoch. */
  readonly frames: readonly { readonly at: number; readonly text: string }[];
  /** The operations sent, in order, live or not. */
  readonly operations: readonly FakeOperation[];
  /** How the client ended the socket. */
  readonly closes: readonly ClientClose[];
  /** When the client pinged by WebSocket (`ws` alone): ms since the epoch. */
  readonly pings: readonly number[];
  /** Whether the client has stopped reading (`ws` alone): what the server says or does then comes to it when it goes on. */
  readonly paused: boolean;
}
