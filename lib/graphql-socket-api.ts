import type { Observable } from 'rxjs';
import type { ReconnectOptions, SingleOptions, SubscribeOptions } from './config.js';
import type { Connection } from './connection/connection.js';
import type { SocketStatus } from './connection/status/status.js';
import type { OperationOptions } from './operation/execute.js';
import type { SocketEvent } from './transport/events.js';
import type { ExecutionResult, Payload, RequestInput, Variables } from './types.js';

/** One connection, and the operations that share it. */
export interface GraphQLSocket {
  /** Data of a subscription: cold, one operation per subscriber unless they `share`, re-sent over reconnects. */
  subscribe$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: SubscribeOptions,
  ): Observable<TData>;
  /** Data of a query: emits once and completes, whether the server completes it or not. */
  query$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: SingleOptions,
  ): Observable<TData>;
  /** Data of a mutation: emits once and completes; never sent twice, unless with `resend`. */
  mutate$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: SingleOptions,
  ): Observable<TData>;
  /**
   * Whole results of any operation, parts of `@defer` and `@stream` too; errors in a result do not end the stream. The server's `complete`
   * does: `query$` ends without it.
   */
  execute$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: OperationOptions,
  ): Observable<ExecutionResult<TData>>;
  /** Undecoded results of any operation, ended as `execute$`: drop what you do not need before `decode()`. */
  payload$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: OperationOptions,
  ): Observable<Payload<TData>>;
  /** Each acknowledged connection; holds the connection open while subscribed. Errors when fatal, completes on `close()`. */
  readonly connection$: Observable<Connection>;
  /** State, replayed; never errors. Completes when the last socket has closed after `close()`: `await lastValueFrom(status$)`. */
  readonly status$: Observable<SocketStatus>;
  /** The wire, secrets redacted; does not connect. */
  readonly events$: Observable<SocketEvent>;
  /**
   * Closes the present connection and dials again, with fresh values: `connectionParams`, `url` and all other functions are asked anew, with
   * `{ attempt: 0, error }`. For a login, a logout, or a token that expires while the socket is open; during a backoff it is "retry now". Subscriptions
   * and queries are sent again. A mutation that was sent gets a `ConnectionLostError`.
   *
   * Not before the dial limit and a `Retry-After` are over: until then the present connection stays, and many calls are one. A connection that lingers
   * for nobody is closed. Where nothing is connected or dialled, nothing happens.
   *
   * @throws ConfigurationError - a code or a reason that a close frame cannot carry.
   *
   * @example
   * ```ts
   * loggedIn$.subscribe(() => socket.reconnect());
   * ```
   */
  reconnect(options?: ReconnectOptions): void;
  /** Ends everything: subscriptions complete, the server is told, nothing reconnects. */
  close(): void;
  /** `close()`, for `using`; where the symbol exists. */
  [Symbol.dispose](): void;
}
