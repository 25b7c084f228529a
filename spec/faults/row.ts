import type { GraphQLSocketConfig } from 'rx-graphql-ws';
import type { GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import type { RigServer } from '../rig/rig-server.js';
import type { Stage } from './stage.js';

/** What an error must have: its name, and fields of it. */
export interface ExpectedError {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** What two subscriptions on one socket, the victim and its neighbour, must come to. */
export type Expectation =
  /** Both get what came to exist after the fault, and neither has ended. The victim may, if `victimMayFail`. */
  | {
      readonly kind: 'survives';
      readonly victimMayFail?: boolean;
      /** The server cannot learn that its old sockets are gone: they are dropped before its books are read. */
      readonly deaf?: boolean;
    }
  /** The same, on the socket that they had. */
  | { readonly kind: 'tolerates' }
  /** Both end with this error, after so many requests to upgrade at most, and there are no more. */
  | { readonly kind: 'fails'; readonly error: ExpectedError; readonly dials: number }
  /** The victim ends like this, and the neighbour goes on with the socket that it had. */
  | { readonly kind: 'ends one'; readonly with: ExpectedError | 'completed' }
  /** What `play` says; it subscribes by itself. */
  | { readonly kind: 'plays'; readonly play: (stage: Stage) => Promise<void> };

/** One fault, and what must come of it. */
export interface Row {
  /** Begins with its number in the catalogue of faults. */
  readonly id: string;
  /** Other numbers of the catalogue that it answers for. */
  readonly also?: readonly string[];
  readonly name: string;
  readonly server?: GraphQLTestServerOptions;
  /** Payload of `connection_init`; a function is asked for every dial. */
  readonly connectionParams?: object | (() => object | Promise<object>);
  /** Options of `rx-graphql-ws` alone. */
  readonly options?: (server: RigServer) => Partial<GraphQLSocketConfig>;
  /** What is wrong before the first dial. */
  readonly before?: (stage: Stage) => unknown;
  /** What goes wrong once both subscriptions have had rows; it is healed when the promise resolves. */
  readonly fault?: (stage: Stage) => unknown;
  readonly expect: Expectation;
  /** What else must be right, of `rx-graphql-ws` alone. Throws where it is not. */
  readonly check?: (stage: Stage) => unknown;
  /** The server closes with a frame of its own making, whose reason `ws` echoes: it is not ours. */
  readonly echoed?: boolean;
  /** Reports to RxJS' `config.onUnhandledError`. Default 0. */
  readonly reports?: number;
}

/** The numbers of the catalogue that a row answers for. */
export function catalogueIds({ id, also = [] }: Row): readonly string[] {
  return [id.split('-')[0]!, ...also];
}
