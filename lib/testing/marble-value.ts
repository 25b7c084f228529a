import type { ExecutionResult, GraphQLFormattedError } from 'rx-graphql-ws';
import type { OperationRef } from './fake-peer.js';

/** A result, whole or in part. */
export interface MarbleResult extends Pick<ExecutionResult, 'errors' | 'extensions'> {
  /** The operation meant: its number on this connection, or its id. By default the marble's digit, or the first. */
  readonly operation?: OperationRef | undefined;
  readonly data?: unknown;
}

/** What a letter of a script stands for: the server does one of these. */
export type MarbleValue =
  | MarbleResult
  /** The operation fails: the `error` message. */
  | {
      readonly operation?: OperationRef | undefined;
      readonly error: readonly GraphQLFormattedError[];
    }
  /** The operation ends. */
  | { readonly operation?: OperationRef | undefined; readonly complete: true }
  /** The socket opens with this subprotocol, whatever was offered first. */
  | { readonly open: string }
  /** The socket closes: a close code, with a reason if need be. */
  | { readonly close: number | { readonly code: number; readonly reason?: string } }
  /** A frame as it is: text or bytes, an object as JSON. */
  | { readonly frame: unknown };

/** By the letter or digit that stands for it. */
export type MarbleValues = Readonly<Record<string, MarbleValue>>;
