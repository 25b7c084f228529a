/**
 * GraphQL subscriptions over WebSocket as RxJS streams that do not die quietly.
 *
 * @packageDocumentation
 */
export type {
  ExecutionResult,
  GraphQLDocument,
  GraphQLFormattedError,
  GraphQLRequest,
  Payload,
  RequestFields,
  RequestInput,
  SentRequest,
  TypedDocument,
  UntypedDocument,
  Variables,
} from './types.js';
export type {
  DataOptions,
  GraphQLSocketConfig,
  ReconnectOptions,
  SingleOptions,
  SubscribeOptions,
} from './config.js';
export type { GraphQLSocket } from './graphql-socket-api.js';
export { graphqlSocket } from './graphql-socket.js';
export type { DedicatedOptions, Operations } from './dedicated.js';
export { dedicated } from './dedicated.js';
export type { Bounded } from './concat-map-bounded/concat-map-bounded.js';
export { concatMapBounded } from './concat-map-bounded/concat-map-bounded.js';

export type { AttemptContext, Resolvable } from './transport/resolve-options.js';
export type { OpenSocket } from './transport/socket.js';
export type { OpenSocketOptions } from './transport/open-socket.js';
export { openSocket } from './transport/open-socket.js';
export type { WebSocketConstructor, WebSocketLike } from './transport/socket.js';
export { CloseCode } from './transport/close-code.js';

export type { ClientMessage, Codec, ServerMessage } from './protocol/codec.js';
export { GRAPHQL_TRANSPORT_WS, SUBSCRIPTIONS_TRANSPORT_WS } from './protocol/codec.js';

export type { Connection } from './connection/connection.js';
export type { HandshakeOptions } from './connection/handshake.js';
export { handshake } from './connection/handshake.js';
export type { KeepAliveOptions } from './connection/keep-alive/keep-alive.js';
export { keepAlive } from './connection/keep-alive/keep-alive.js';
export { exponentialBackoff } from './connection/reconnect/backoff.js';
export { pageWakes } from './connection/reconnect/page-signals.js';
export type { RetryOptions } from './connection/reconnect/reconnect.js';
export { reconnect } from './connection/reconnect/reconnect.js';
export type { ShareConnectionOptions } from './connection/share-connection.js';
export { shareConnection } from './connection/share-connection.js';
export type { SocketStatus } from './connection/status/status.js';
export type { SocketEvent } from './transport/events.js';

export type { OperationOptions } from './operation/execute.js';
export { execute } from './operation/execute.js';
export { decode } from './operation/results.js';
export { selectData } from './operation/results.js';

export type { GraphQLSocketError } from './errors.js';
export {
  ConfigurationError,
  ConnectionClosedError,
  ConnectionError,
  ConnectionLostError,
  HandshakeError,
  isGraphQLSocketError,
  OperationError,
  ProtocolError,
  SilentDisconnectError,
  SocketDisposedError,
} from './errors.js';
