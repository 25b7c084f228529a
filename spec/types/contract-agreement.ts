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
type Public<T> = T extends (...given: infer All) => unknown
  ? All['length'] extends 2
    ? T extends { (...given: infer Given): infer Made; (...given: never): unknown }
      ? (...given: Given) => Made
      : never
    : T
  : T;

interface Agreement {
  TypedDocument: Same<actual.TypedDocument<Data, Args>, contract.TypedDocument<Data, Args>>;
  UntypedDocument: Same<actual.UntypedDocument, contract.UntypedDocument>;
  GraphQLDocument: Same<actual.GraphQLDocument<Data, Args>, contract.GraphQLDocument<Data, Args>>;
  Variables: Same<actual.Variables, contract.Variables>;
  GraphQLRequest: Same<actual.GraphQLRequest<Data, Args>, contract.GraphQLRequest<Data, Args>>;
  RequestInput: Same<actual.RequestInput<Data, Args>, contract.RequestInput<Data, Args>>;
  RequestFields: Same<actual.RequestFields, contract.RequestFields>;
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
  ReconnectOptions: Same<actual.ReconnectOptions, contract.ReconnectOptions>;
  SingleOptions: Same<actual.SingleOptions, contract.SingleOptions>;
  SubscribeOptions: Same<actual.SubscribeOptions, contract.SubscribeOptions>;
  GraphQLSocket: Same<actual.GraphQLSocket, contract.GraphQLSocket>;
  Operations: Same<actual.Operations, contract.Operations>;
  DedicatedOptions: Same<actual.DedicatedOptions, contract.DedicatedOptions>;
  SocketStatus: Same<actual.SocketStatus, contract.SocketStatus>;
  SocketEvent: Same<actual.SocketEvent, contract.SocketEvent>;
  ClientMessage: Same<actual.ClientMessage, contract.ClientMessage>;
  ServerMessage: Same<actual.ServerMessage, contract.ServerMessage>;
  Codec: Same<actual.Codec, contract.Codec>;
  OpenSocket: Same<actual.OpenSocket, contract.OpenSocket>;
  Connection: Same<actual.Connection, contract.Connection>;
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
  WebSocketLike: Same<actual.WebSocketLike, contract.WebSocketLike>;
  WebSocketConstructor: Same<actual.WebSocketConstructor, contract.WebSocketConstructor>;
}

/** The values, but for the classes, whose instances are compared above: users do not construct them. */
type Values = Omit<typeof actual, keyof Agreement>;
type ValueAgreement = {
  [K in keyof Values]: Same<Public<Values[K]>, (typeof contract)[K]>;
};

type Disagreement<T> = { [K in keyof T]: T[K] extends true ? never : K }[keyof T];

declare const disagreement: Disagreement<Agreement & ValueAgreement>;
disagreement satisfies never;

// Values have no names beside these: what is exported is the contract, and nothing besides.
expectTrue<Same<keyof typeof actual, keyof typeof contract>>();
