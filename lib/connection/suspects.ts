import type { Subscription } from 'rxjs';
import { asyncScheduler } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { ConnectionClosedError, setErrorKind } from '../errors.js';
import type { CulpritSearch } from './culprit-search.js';
import type { PreparedRequest } from '../protocol/request.js';
import type { OperationObserver } from './connection.js';

/** An operation under way on one connection. */
export interface Operation {
  readonly id: string;
  readonly prepared: PreparedRequest;
  readonly observer: OperationObserver;
  /** No connection before this one has sent it. */
  readonly isFirst: boolean;
  sent: boolean;
  /** The server was told that it ends. */
  stopped: boolean;
  /** The number of its results; 0 again while the server has announced more of them. Not counted for subscriptions. */
  results: number;
  /** The server may still refuse it. */
  refusable: boolean;
}

/** ms after which an operation that the server has not refused is no suspect. */
const suspectWindowMs = 5_000;

/**
 * The operations of one connection that the server may still refuse, and the tests of a search. Only an answer clears an operation, or time:
 * a pong says that the server has read a message, and not that it has dealt with it.
 *
 * @param send - sends an operation that was held back, if it is still wanted
 */
export function createSuspects(search: CulpritSearch, send: (operation: Operation) => void) {
  /** Operations that were not answered yet, with the instant at which each was sent, the oldest first. */
  const unanswered = new Map<Operation, number>();
  const held = new Set<Operation>();
  let tested: Set<Operation> | undefined;
  let timer: Subscription | undefined;
  /**
   * Until then a close may mean an operation that is no suspect: one that nobody wants any more, or one that has passed without an answer, and
   * needs longer to kill than it was given.
   */
  let uncertainUntil = 0;

  const recent = (sentAt: number, now: number) =>
    // an instant in the future is the work of a clock that was put back
    sentAt <= now && now - sentAt < suspectWindowMs;
  const forgetOld = () => {
    const now = asyncScheduler.now();
    for (const [operation, sentAt] of unanswered) {
      if (recent(sentAt, now)) break;
      unanswered.delete(operation);
    }
    return now;
  };
  const pass = (proven: boolean) => {
    tested = undefined;
    timer?.unsubscribe();
    search.pass(proven);
    test();
  };
  const test = () => {
    // nobody is held once the search is over
    const turn = [...held].filter(({ prepared }) => !search.active || search.isNext(prepared));
    const mine = (tested = new Set(turn));
    for (const operation of turn) {
      held.delete(operation);
      send(operation);
    }
    // answers that came at once may have begun the next test
    if (tested !== mine || !search.active) return;
    // also without a member, because one may be told late of the connection
    timer = asyncScheduler.schedule(() => {
      if (mine.size > 0) uncertainUntil = asyncScheduler.now() + suspectWindowMs;
      for (const operation of mine) unanswered.delete(operation);
      pass(mine.size > 0);
    }, search.passMs);
  };
  /** The operation is no suspect any more. */
  const clear = (operation: Operation, proven: boolean) => {
    held.delete(operation);
    unanswered.delete(operation);
    if (tested?.delete(operation) && tested.size === 0) pass(proven);
  };

  return {
    /** Whether the operation must wait for its turn. */
    holds: (operation: Operation) => {
      if (!search.isSuspect(operation.prepared)) return false;
      if (!tested || !search.isNext(operation.prepared)) held.add(operation);
      else tested.add(operation);
      return held.has(operation);
    },
    /** The connection can be used: in a search everything that is not suspected is sent first. */
    begin() {
      if (search.active) timer = asyncScheduler.schedule(test, search.quietMs);
    },
    /** The operation is sent now. */
    sent(operation: Operation) {
      unanswered.set(operation, forgetOld());
    },
    /** It could not be sent after all. */
    unsent(operation: Operation) {
      clear(operation, false);
    },
    accepted(operation: Operation) {
      operation.prepared.wasAnswered = true;
      clear(operation, true);
    },
    /** Nobody wants the operation any more, and the server may still refuse it. */
    left(operation: Operation) {
      const sentAt = unanswered.get(operation);
      if (sentAt !== undefined) uncertainUntil = Math.max(uncertainUntil, sentAt + suspectWindowMs);
      clear(operation, false);
    },
    /** The connection was lost. Returns the operation that was the reason, if that is clear. */
    accuse(error: GraphQLSocketError): Operation | undefined {
      const now = forgetOld();
      const all = [...unanswered].map(([operation, sentAt]) => ({ operation, sentAt }));
      const hit = search.active
        ? all.filter(({ operation }) => operation.isFirst || tested?.has(operation))
        : all;
      const suspects = hit.map(({ operation, sentAt }) => ({
        prepared: operation.prepared,
        sentAt,
      }));
      const certain = uncertainUntil <= now || uncertainUntil - now > suspectWindowMs;
      const culprit = search.accuse(error, suspects, tested !== undefined, certain);
      return hit.find(({ operation }) => operation.prepared === culprit)?.operation;
    },
    stop() {
      timer?.unsubscribe();
      tested = undefined;
      held.clear();
    },
  };
}

/** The same error for the operation that caused it. */
export function asCulpritError(error: GraphQLSocketError): GraphQLSocketError {
  const { code, reason, wasClean } = error as ConnectionClosedError;
  return setErrorKind(
    new ConnectionClosedError(code, reason, wasClean, { cause: error }),
    'culprit',
  );
}
