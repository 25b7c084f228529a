import type { IncomingHttpHeaders } from 'node:http';
import type { ExecutionResult, SentRequest } from 'rx-graphql-ws';
import type { ObservableInput } from 'rxjs';
import type { Subprotocol } from './dialect.js';
import type { Peer } from './peer.js';

/** An operation as the client sent it. */
export interface OperationRequest extends SentRequest {
  readonly id: string;
}

/** Whose operation or handshake it is. */
export interface ConnectionContext {
  /** This connection alone: to send a raw frame on it, to close it, to drop it. */
  readonly peer: Peer;
  /** Payload of the client's `connection_init`. */
  readonly connectionParams: unknown;
  /** Path and query of the upgrade request. */
  readonly url: string;
  /** Headers of the upgrade request. */
  readonly headers: IncomingHttpHeaders;
  /** The protocol spoken, whether it was negotiated or not. */
  readonly subprotocol: Subprotocol;
}

/** Answers an operation: each value is a result. An `Error` among its errors counts with its message. */
export type OperationHandler = (
  request: OperationRequest,
  context: ConnectionContext,
) => ObservableInput<ExecutionResult>;
