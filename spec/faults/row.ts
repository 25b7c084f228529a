import type { GraphQLSocketConfig } from 'rx-graphql-ws';
import type { GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import type { RigServer } from '../rig/rig-server.js';
import type { Stage } from './stage.js';

/** The name that an error must have, and some of its fields. */
export interface ExpectedError {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** The result of two subscriptions on one socket, the victim and its neighbour. */
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
  /** `play` subscribes and asserts by itself. */
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
  /** Causes a fault before the first dial. */
  readonly before?: (stage: Stage) => unknown;
  /** Causes a fault after both subscriptions have received rows. It has healed when the promise resolves. */
  readonly fault?: (stage: Stage) => unknown;
  readonly expect: Expectation;
  /** Asserts more about `rx-graphql-ws` alone. */
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
