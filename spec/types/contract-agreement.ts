// Does not compile where an export differs from the contract. That nothing is left out, declarations.spec.ts sees to.
import type * as actual from 'rx-graphql-ws';
import type * as contract from './contract.js';
import type { Same } from './expect.js';
import { expectTrue } from './expect.js';

interface Data {
  readonly price: number;
}
interface Args {
  readonly base: string;
  readonly limit?: number | undefined;
}

/** A stage without its second, internal signature, which the built declarations do not have. */
type Public<T extends (...given: never) => unknown> = Parameters<T>['length'] extends 2
  ? T extends { (...given: infer Given): infer Made; (...given: never): unknown }
    ? (...given: Given) => Made
    : never
  : T;

interface Agreement {
  TypedDocument: Same<actual.TypedDocument<Data, Args>, contract.TypedDocument<Data, Args>>;
  UntypedDocument: Same<actual.UntypedDocument, contract.UntypedDocument>;
  GraphQLDocument: Same<actual.GraphQLDocument<Data, Args>, contract.GraphQLDocument<Data, Args>>;
  Variables: Same<actual.Variables, contract.Variables>;
  GraphQLRequest: Same<actual.GraphQLRequest<Data, Args>, contract.GraphQLRequest<Data, Args>>;
  RequestInput: Same<actual.RequestInput<Data, Args>, contract.RequestInput<Data, Args>>;
  SentRequest: Same<actual.SentRequest<Args>, contract.SentRequest<Args>>;
  GraphQLFormattedError: Same<actual.GraphQLFormattedError, contract.GraphQLFormattedError>;
  ExecutionResult: Same<actual.ExecutionResult<Data>, contract.ExecutionResult<Data>>;
  Payload: Same<actual.Payload<Data>, contract.Payload<Data>>;
  AttemptContext: Same<actual.AttemptContext, contract.AttemptContext>;
  Resolvable: Same<actual.Resolvable<Data>, contract.Resolvable<Data>>;
  RetryOptions: Same<actual.RetryOptions, contract.RetryOptions>;
  OpenSocketOptions: Same<actual.OpenSocketOptions, contract.OpenSocketOptions>;
  HandshakeOptions: Same<actual.HandshakeOptions, contract.HandshakeOptions>;
  KeepAliveOptions: Same<actual.KeepAliveOptions, contract.KeepAliveOptions>;
  ShareConnectionOptions: Same<actual.ShareConnectionOptions, contract.ShareConnectionOptions>;
  GraphQLSocketConfig: Same<actual.GraphQLSocketConfig, contract.GraphQLSocketConfig>;
  OperationOptions: Same<actual.OperationOptions, contract.OperationOptions>;
  DataOptions: Same<actual.DataOptions, contract.DataOptions>;
  SingleOptions: Same<actual.SingleOptions, contract.SingleOptions>;
  SubscribeOptions: Same<actual.SubscribeOptions, contract.SubscribeOptions>;
  graphqlSocket: Same<typeof actual.graphqlSocket, typeof contract.graphqlSocket>;
  GraphQLSocket: Same<actual.GraphQLSocket, contract.GraphQLSocket>;
  SocketStatus: Same<actual.SocketStatus, contract.SocketStatus>;
  SocketEvent: Same<actual.SocketEvent, contract.SocketEvent>;
  ClientMessage: Same<actual.ClientMessage, contract.ClientMessage>;
  ServerMessage: Same<actual.ServerMessage, contract.ServerMessage>;
  Codec: Same<actual.Codec, contract.Codec>;
  GRAPHQL_TRANSPORT_WS: Same<
    typeof actual.GRAPHQL_TRANSPORT_WS,
    typeof contract.GRAPHQL_TRANSPORT_WS
  >;
  SUBSCRIPTIONS_TRANSPORT_WS: Same<
    typeof actual.SUBSCRIPTIONS_TRANSPORT_WS,
    typeof contract.SUBSCRIPTIONS_TRANSPORT_WS
  >;
  CloseCode: Same<typeof actual.CloseCode, typeof contract.CloseCode>;
  OpenSocket: Same<actual.OpenSocket, contract.OpenSocket>;
  Connection: Same<actual.Connection, contract.Connection>;
  openSocket: Same<Public<typeof actual.openSocket>, typeof contract.openSocket>;
  handshake: Same<Public<typeof actual.handshake>, typeof contract.handshake>;
  keepAlive: Same<Public<typeof actual.keepAlive>, typeof contract.keepAlive>;
  reconnect: Same<Public<typeof actual.reconnect>, typeof contract.reconnect>;
  shareConnection: Same<Public<typeof actual.shareConnection>, typeof contract.shareConnection>;
  execute: Same<typeof actual.execute, typeof contract.execute>;
  decode: Same<typeof actual.decode, typeof contract.decode>;
  selectData: Same<typeof actual.selectData, typeof contract.selectData>;
  exponentialBackoff: Same<typeof actual.exponentialBackoff, typeof contract.exponentialBackoff>;
  pageWakes: Same<typeof actual.pageWakes, typeof contract.pageWakes>;
  Bounded: Same<actual.Bounded, contract.Bounded>;
  concatMapBounded: Same<typeof actual.concatMapBounded, typeof contract.concatMapBounded>;
  ConfigurationError: Same<actual.ConfigurationError, contract.ConfigurationError>;
  ConnectionError: Same<actual.ConnectionError, contract.ConnectionError>;
  HandshakeError: Same<actual.HandshakeError, contract.HandshakeError>;
  ConnectionClosedError: Same<actual.ConnectionClosedError, contract.ConnectionClosedError>;
  SilentDisconnectError: Same<actual.SilentDisconnectError, contract.SilentDisconnectError>;
  ProtocolError: Same<actual.ProtocolError, contract.ProtocolError>;
  OperationError: Same<actual.OperationError, contract.OperationError>;
  ConnectionLostError: Same<actual.ConnectionLostError, contract.ConnectionLostError>;
  SocketDisposedError: Same<actual.SocketDisposedError, contract.SocketDisposedError>;
  GraphQLSocketError: Same<actual.GraphQLSocketError, contract.GraphQLSocketError>;
  isGraphQLSocketError: Same<
    typeof actual.isGraphQLSocketError,
    typeof contract.isGraphQLSocketError
  >;
  WebSocketLike: Same<actual.WebSocketLike, contract.WebSocketLike>;
  WebSocketConstructor: Same<actual.WebSocketConstructor, contract.WebSocketConstructor>;
}

type Disagreement = {
  [K in keyof Agreement]: Agreement[K] extends true ? never : K;
}[keyof Agreement];

declare const disagreement: Disagreement;
disagreement satisfies never;

// Values have no names beside these: what is exported is the contract, and nothing besides.
expectTrue<Same<keyof typeof actual, keyof typeof contract>>();
