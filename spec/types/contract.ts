// The public contract, as far as it is built; contract-agreement.ts holds it against what is exported.
import type { MonoTypeOperatorFunction, Observable, ObservableInput, OperatorFunction } from 'rxjs';

// ── documents and requests ────────────────────────────────────────────────────────────────────────
export interface TypedDocument<TData, TVariables> {
  __apiType?: ((variables: TVariables) => TData) | undefined;
}
export interface UntypedDocument {
  readonly kind: string;
  readonly definitions: readonly unknown[];
  readonly loc?: unknown;
  readonly __apiType?: never;
}
export type GraphQLDocument<TData, TVariables> =
  string | UntypedDocument | TypedDocument<TData, TVariables>;
export interface Variables {
  readonly [key: string]: any;
  readonly then?: never;
  readonly call?: never;
}
export type GraphQLRequest<TData = unknown, TVariables = Variables> = (
  | { readonly query: GraphQLDocument<TData, TVariables> }
  | { readonly query?: undefined; readonly documentId: string }
  | { readonly query?: undefined; readonly doc_id: string }
  | { readonly query?: undefined; readonly extensions: Variables | (() => Variables) }
) & {
  readonly operationName?: string | undefined;
  readonly extensions?: Variables | (() => Variables) | undefined;
  readonly documentId?: string | undefined;
  readonly doc_id?: string | undefined;
} & ({} extends TVariables
    ? { readonly variables?: NoInfer<TVariables | (() => TVariables)> | undefined }
    : { readonly variables: NoInfer<TVariables | (() => TVariables)> });
export type RequestInput<TData, TVariables> =
  | ({} extends TVariables ? GraphQLDocument<TData, TVariables> : never)
  | GraphQLRequest<TData, TVariables>;
export interface RequestFields {
  readonly query?: string | undefined;
  readonly variables?: Variables | (() => Variables) | undefined;
  readonly operationName?: string | undefined;
  readonly extensions?: Variables | (() => Variables) | undefined;
  readonly documentId?: string | undefined;
  readonly doc_id?: string | undefined;
}
export interface SentRequest<TVariables = Variables> {
  readonly query: string;
  readonly variables: TVariables;
  readonly operationName?: string;
  readonly extensions?: Variables;
  readonly documentId?: string;
  readonly doc_id?: string;
}
export interface GraphQLFormattedError {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly [key: string]: unknown };
}
export interface ExecutionResult<TData = unknown> {
  readonly data?: TData | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: { readonly [key: string]: unknown };
  readonly hasNext?: boolean;
}
export interface Payload<TData = unknown> {
  readonly text: string;
  decode(): ExecutionResult<TData>;
}

// ── configuration ─────────────────────────────────────────────────────────────────────────────────
export interface AttemptContext {
  readonly attempt: number;
  readonly error: GraphQLSocketError | undefined;
}
export type Resolvable<T> =
  T | Observable<T> | ((context: AttemptContext) => T | ObservableInput<T>);
export interface RetryOptions {
  count?: number | undefined;
  resetAfter?: number | undefined;
  wake?: Observable<unknown> | undefined;
  delay?:
    | number
    | ((error: GraphQLSocketError, attempt: number) => number | ObservableInput<unknown>)
    | undefined;
  shouldRetry?: ((error: GraphQLSocketError, byDefault: boolean) => boolean) | undefined;
}
export interface OpenSocketOptions {
  url: Resolvable<string | URL>;
  subprotocols?: Resolvable<readonly string[]> | undefined;
  webSocketImpl?: WebSocketConstructor | undefined;
  webSocketOptions?: Resolvable<Variables> | undefined;
  connectTimeout?: number | false | undefined;
  closeTimeout?: number | undefined;
}
export interface HandshakeOptions {
  connectionParams?: Resolvable<Variables | undefined> | undefined;
  ackTimeout?: number | false | undefined;
  codecs?: readonly Codec[] | undefined;
  jsonReviver?: ((this: any, key: string, value: any) => any) | undefined;
  jsonReplacer?: ((this: any, key: string, value: any) => any) | undefined;
  generateId?: ((request: RequestFields) => string) | undefined;
}
export interface KeepAliveOptions {
  keepAliveTimeout?: 'auto' | number | false | undefined;
  pingInterval?: number | false | undefined;
  pongTimeout?: number | false | undefined;
  answerPings?: boolean | undefined;
}
export interface ShareConnectionOptions {
  linger?: number | undefined;
}
export interface GraphQLSocketConfig
  extends OpenSocketOptions, HandshakeOptions, KeepAliveOptions, ShareConnectionOptions {
  retry?: false | RetryOptions | undefined;
  onServerComplete?: 'complete' | 'restart' | undefined;
  print?: ((document: any) => string) | undefined;
}
export interface OperationOptions {
  resend?: boolean | undefined;
  onServerComplete?: 'complete' | 'restart' | undefined;
}
export interface DataOptions extends OperationOptions {
  errorPolicy?: 'none' | 'ignore' | undefined;
}
export interface SingleOptions extends DataOptions {
  sendWithin?: number | undefined;
}
export interface ReconnectOptions {
  code?: number | undefined;
  reason?: string | undefined;
}
export interface SubscribeOptions extends DataOptions {
  share?: boolean | { replay?: number | undefined; linger?: number | undefined } | undefined;
}

// ── the socket ────────────────────────────────────────────────────────────────────────────────────
export declare function graphqlSocket(config: GraphQLSocketConfig): GraphQLSocket;

export type Operations = Pick<
  GraphQLSocket,
  'subscribe$' | 'query$' | 'mutate$' | 'execute$' | 'payload$' | 'reconnect' | 'close'
>;
export interface DedicatedOptions {
  opened?: ((socket: GraphQLSocket) => void) | undefined;
}
export declare function dedicated(
  config: GraphQLSocketConfig,
  options?: DedicatedOptions,
): Operations;
export interface GraphQLSocket {
  subscribe$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: SubscribeOptions,
  ): Observable<TData>;
  query$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: SingleOptions,
  ): Observable<TData>;
  mutate$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: SingleOptions,
  ): Observable<TData>;
  execute$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: OperationOptions,
  ): Observable<ExecutionResult<TData>>;
  payload$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: OperationOptions,
  ): Observable<Payload<TData>>;
  readonly connection$: Observable<Connection>;
  readonly status$: Observable<SocketStatus>;
  readonly events$: Observable<SocketEvent>;
  reconnect(options?: ReconnectOptions): void;
  close(): void;
  [Symbol.dispose](): void;
}
export type SocketStatus = { readonly since: number } & (
  | { readonly state: 'idle' }
  | { readonly state: 'connecting'; readonly attempt: number }
  | { readonly state: 'connected'; readonly subprotocol: string; readonly ackPayload: unknown }
  | {
      readonly state: 'waiting';
      readonly attempt: number;
      readonly delay: number | undefined;
      readonly until: number | undefined;
      readonly error: GraphQLSocketError;
    }
  | { readonly state: 'failed'; readonly error: GraphQLSocketError }
  | { readonly state: 'closed' }
);
export type SocketEvent = { readonly at: number; readonly connection: number } & (
  | {
      readonly type: 'opened';
      readonly subprotocol: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly type: 'acknowledged'; readonly payload: unknown }
  | { readonly type: 'sent'; readonly message: ClientMessage; readonly text: string }
  | { readonly type: 'received'; readonly message: ServerMessage; readonly text: string }
  | { readonly type: 'ping'; readonly direction: 'sent' | 'received'; readonly payload: unknown }
  | {
      readonly type: 'pong';
      readonly direction: 'sent' | 'received';
      readonly payload: unknown;
      readonly latency: number | undefined;
    }
  | {
      readonly type: 'closed';
      readonly code: number;
      readonly reason: string;
      readonly wasClean: boolean;
    }
  | { readonly type: 'unhandled'; readonly frame: string }
  | { readonly type: 'orphaned'; readonly id: string }
);

// ── protocol ──────────────────────────────────────────────────────────────────────────────────────
export type ClientMessage =
  | { readonly type: 'init' | 'ping' | 'pong'; readonly payload?: unknown }
  | { readonly type: 'subscribe'; readonly id: string; readonly payload: SentRequest }
  | { readonly type: 'complete'; readonly id: string }
  | { readonly type: 'terminate' };
export type ServerMessage =
  | { readonly type: 'ack' | 'rejected' | 'ping' | 'pong'; readonly payload?: unknown }
  | { readonly type: 'next'; readonly id: string; readonly payload: Payload }
  | {
      readonly type: 'error';
      readonly id: string;
      readonly errors: readonly GraphQLFormattedError[];
    }
  | { readonly type: 'complete'; readonly id: string; readonly payload?: Payload }
  | { readonly type: 'unknown'; readonly frame: string };
export interface Codec {
  readonly subprotocol: string;
  readonly canPing: boolean;
  encode(message: ClientMessage): string;
  decode(frame: string): ServerMessage;
}
export declare const GRAPHQL_TRANSPORT_WS: 'graphql-transport-ws';
export declare const SUBSCRIPTIONS_TRANSPORT_WS: 'graphql-ws';
export declare const CloseCode: Readonly<
  Record<
    | 'Normal'
    | 'GoingAway'
    | 'ProtocolError'
    | 'MessageTooBig'
    | 'ServiceRestart'
    | 'TryAgainLater'
    | 'BadRequest'
    | 'Unauthorized'
    | 'Forbidden'
    | 'SubprotocolNotAcceptable'
    | 'ConnectionInitialisationTimeout'
    | 'SubscriberAlreadyExists'
    | 'TooManyInitialisationRequests'
    | 'InternalServerError',
    number
  >
>;

// ── stages ────────────────────────────────────────────────────────────────────────────────────────
export interface OpenSocket {
  readonly subprotocol: string;
  readonly frames$: Observable<string>;
  send(frame: string): void;
}
export interface Connection {
  readonly subprotocol: string;
  readonly ackPayload: unknown;
  readonly messages$: Observable<ServerMessage>;
  send(message: ClientMessage): void;
  execute<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
  ): Observable<Payload<TData>>;
}
export declare function openSocket(options: OpenSocketOptions): Observable<OpenSocket>;
export declare function handshake(
  options?: HandshakeOptions,
): OperatorFunction<OpenSocket, Connection>;
export declare function keepAlive(options?: KeepAliveOptions): MonoTypeOperatorFunction<Connection>;
export declare function reconnect(options?: RetryOptions): MonoTypeOperatorFunction<Connection>;
export declare function shareConnection(
  options?: ShareConnectionOptions,
): MonoTypeOperatorFunction<Connection>;
export declare function execute<TData = unknown, TVariables = Variables>(
  request: RequestInput<TData, TVariables>,
  options?: OperationOptions,
): OperatorFunction<Connection, Payload<TData>>;
export declare function decode<TData>(): OperatorFunction<Payload<TData>, ExecutionResult<TData>>;
export declare function selectData<TData>(
  options?: Pick<DataOptions, 'errorPolicy'>,
): OperatorFunction<ExecutionResult<TData>, TData>;
export declare function pageWakes(): Observable<unknown>;

export declare function exponentialBackoff(options?: {
  initial?: number | undefined;
  max?: number | undefined;
  jitter?: 'full' | 'none' | undefined;
  random?: (() => number) | undefined;
}): (error: unknown, attempt: number) => number;

// ── further operators ─────────────────────────────────────────────────────────────────────────────
export type Bounded = { capacity: number; dropped?: ((count: number) => void) | undefined } & (
  { overflow: 'error' | 'dropOldest' | 'dropNewest' } | { overflow: 'pause'; socket: GraphQLSocket }
);
export declare function concatMapBounded<T, R>(
  project: (value: T, index: number) => ObservableInput<R>,
  options: Bounded,
): OperatorFunction<T, R>;

// ── errors ────────────────────────────────────────────────────────────────────────────────────────
export declare class ConfigurationError extends Error {
  readonly name: 'ConfigurationError';
  readonly option: string;
}
export declare class ConnectionError extends Error {
  readonly name: 'ConnectionError';
  readonly status?: number;
  readonly retryAfter?: number;
  readonly body?: string;
}
export declare class HandshakeError extends Error {
  readonly name: 'HandshakeError';
  readonly kind: 'timeout' | 'rejected' | 'subprotocol';
  readonly payload?: unknown;
}
export declare class ConnectionClosedError extends Error {
  readonly name: 'ConnectionClosedError';
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}
export declare class SilentDisconnectError extends Error {
  readonly name: 'SilentDisconnectError';
  readonly silentFor: number;
  readonly kind: 'silence' | 'pong';
}
export declare class ProtocolError extends Error {
  readonly name: 'ProtocolError';
  readonly frame: string;
}
export declare class OperationError extends Error {
  readonly name: 'OperationError';
  readonly errors: readonly GraphQLFormattedError[];
  readonly data?: unknown;
}
export declare class ConnectionLostError extends Error {
  readonly name: 'ConnectionLostError';
  readonly operationId: string;
}
export declare class SocketDisposedError extends Error {
  readonly name: 'SocketDisposedError';
}
export type GraphQLSocketError =
  | ConfigurationError
  | ConnectionError
  | HandshakeError
  | ConnectionClosedError
  | SilentDisconnectError
  | ProtocolError
  | OperationError
  | ConnectionLostError
  | SocketDisposedError;
export declare function isGraphQLSocketError(error: unknown): error is GraphQLSocketError;

// ── what is used of a WebSocket ───────────────────────────────────────────────────────────────────
export interface WebSocketLike {
  readonly readyState: number;
  readonly protocol: string;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: any;
  onmessage: any;
  onerror: any;
  onclose: any;
}
export interface WebSocketConstructor {
  new (url: string, protocols?: string[], options?: any): WebSocketLike;
}
