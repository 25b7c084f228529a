import type { Observable } from 'rxjs';
import type { SingleOptions, SubscribeOptions } from './config.js';
import type { Connection } from './connection/connection.js';
import type { SocketEvent, SocketStatus } from './connection/status.js';
import type { OperationOptions } from './operation/execute.js';
import type { ExecutionResult, Payload, RequestInput, Variables } from './types.js';

/** One connection, and the operations that share it. */
export interface GraphQLSocket {
  /** Data of a subscription: cold, one operation per subscriber unless they `share`, re-sent over reconnects. */
  subscribe$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: SubscribeOptions,
  ): Observable<TData>;
  /** Data of a query: emits once and completes. */
  query$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: SingleOptions,
  ): Observable<TData>;
  /** Data of a mutation: emits once and completes; never sent twice, unless with `resend`. */
  mutate$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: SingleOptions,
  ): Observable<TData>;
  /** Whole results of any operation; errors in a result do not end the stream. */
  execute$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: OperationOptions,
  ): Observable<ExecutionResult<TData>>;
  /** Undecoded results of any operation: drop what you do not need before `decode()`. */
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
  /** Ends everything: subscriptions complete, the server is told, nothing reconnects. */
  close(): void;
  /** `close()`, for `using`; where the symbol exists. */
  [Symbol.dispose](): void;
}
