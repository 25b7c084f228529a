import type { GraphQLFormattedError } from 'rx-graphql-ws';
import type { LiveOperation } from './ledger-entry.js';

/** Which of the live operations: by id, by name, as it was sent or else as the document has it, or by a predicate. */
export type OperationMatch = string | ((operation: LiveOperation) => boolean);

/**
 * Faults in the results of the operations that are live at the moment of the call, each on its own: all of them, or those that match.
 * What `handle` gave and the truth of a feed stay as they are.
 */
export interface ResultFaults {
  /**
   * Sends no more for the operation, neither results nor its end, while heartbeats go on. For the server it stays live: its handler
   * stays subscribed to, and what comes of it is dropped, its end too. Until the client ends the operation, or `complete()` or `fail()`.
   */
  zombie(match?: OperationMatch): void;
  /**
   * Answers the operations that start from now on with nothing at all, until `startOperations()`. The handler is not asked, yet for the
   * ledger and its bill they are live.
   */
  neverStart(): void;
  /** Answers the operations that start from now on again. */
  startOperations(): void;
  /** Completes the operation, out of the blue. */
  complete(match?: OperationMatch): void;
  /**
   * Fails the operation.
   *
   * @param errors - default `[{ message: 'internal server error' }]`; the legacy protocol has room for the first alone
   */
  fail(match?: OperationMatch, errors?: readonly GraphQLFormattedError[]): void;
  /**
   * Repeats the next result.
   *
   * @param times - how often; default 1: it is sent twice
   * @throws TypeError - not a whole number from 1 to 100,000
   */
  duplicate(times?: number, match?: OperationMatch): void;
  /** Sends the next two results in the other order. */
  reorder(match?: OperationMatch): void;
  /**
   * Loses the next results.
   *
   * @param count - how many; default 1
   * @throws TypeError - not a whole number from 1 on
   */
  omit(count?: number, match?: OperationMatch): void;
  /**
   * Truncates the next result.
   *
   * @param limit - how many items are left of each list at the root of its data, the rows of a feed, say
   * @throws TypeError - not a whole number
   */
  truncate(limit: number, match?: OperationMatch): void;
  /**
   * Pads the next result, in its `extensions`.
   *
   * @param bytes - the size of the result's JSON; default 1,200,000
   * @throws TypeError - not a whole number, or more than 2²⁸
   */
  oversize(bytes?: number, match?: OperationMatch): void;
  /** Sends the operation's last result once more after its end, whoever ends it; `{ data: null }` if there was none. */
  late(match?: OperationMatch): void;
}
