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
 */
export class Suspects {
  readonly #search: CulpritSearch;
  readonly #send: (operation: Operation) => void;
  /** Operations that were not answered yet, with the instant at which each was sent, the oldest first. */
  readonly #unanswered = new Map<Operation, number>();
  readonly #held = new Set<Operation>();
  #tested: Set<Operation> | undefined;
  #timer: Subscription | undefined;
  /**
   * Until then a close may mean an operation that is no suspect: one that nobody wants any more, or one that has passed without an answer, and
   * needs longer to kill than it was given.
   */
  #uncertainUntil = 0;

  /** @param send - sends an operation that was held back, if it is still wanted */
  constructor(search: CulpritSearch, send: (operation: Operation) => void) {
    this.#search = search;
    this.#send = send;
  }

  /** Whether the operation must wait for its turn. */
  holds(operation: Operation): boolean {
    if (!this.#search.isSuspect(operation.prepared)) return false;
    if (!this.#tested || !this.#search.isNext(operation.prepared)) this.#held.add(operation);
    else this.#tested.add(operation);
    return this.#held.has(operation);
  }

  /** The connection can be used: in a search everything that is not suspected is sent first. */
  begin(): void {
    if (!this.#search.active) return;
    this.#timer = asyncScheduler.schedule(() => {
      this.#test();
    }, this.#search.quietMs);
  }

  /** The operation is sent now. */
  sent(operation: Operation): void {
    this.#unanswered.set(operation, this.#forgetOld());
  }

  /** It could not be sent after all. */
  unsent(operation: Operation): void {
    this.#clear(operation, false);
  }

  accepted(operation: Operation): void {
    operation.prepared.wasAnswered = true;
    this.#clear(operation, true);
  }

  /** Nobody wants the operation any more, and the server may still refuse it. */
  left(operation: Operation): void {
    const sentAt = this.#unanswered.get(operation);
    if (sentAt !== undefined) {
      this.#uncertainUntil = Math.max(this.#uncertainUntil, sentAt + suspectWindowMs);
    }
    this.#clear(operation, false);
  }

  /** The connection was lost. Returns the operation that was the reason, if that is clear. */
  accuse(error: GraphQLSocketError): Operation | undefined {
    const now = this.#forgetOld();
    const tested = this.#tested;
    const isUnderTest = (operation: Operation) => operation.isFirst || tested?.has(operation);
    const hit = [...this.#unanswered.keys()].filter(
      (operation) => !this.#search.active || isUnderTest(operation),
    );
    const suspects = hit.map((operation) => ({
      prepared: operation.prepared,
      sentAt: this.#unanswered.get(operation) as number,
    }));
    const left = this.#uncertainUntil - now;
    const culprit = this.#search.accuse(error, {
      suspects,
      testing: tested !== undefined,
      certain: left <= 0 || left > suspectWindowMs,
    });
    return hit.find(({ prepared }) => prepared === culprit);
  }

  stop(): void {
    this.#timer?.unsubscribe();
    this.#tested = undefined;
    this.#held.clear();
  }

  #forgetOld() {
    const now = asyncScheduler.now();
    for (const [operation, sentAt] of this.#unanswered) {
      // an instant in the future is the work of a clock that was put back
      if (sentAt <= now && now - sentAt < suspectWindowMs) break;
      this.#unanswered.delete(operation);
    }
    return now;
  }

  #test() {
    // nobody is held once the search is over
    const isDue = ({ prepared }: Operation) =>
      !this.#search.active || this.#search.isNext(prepared);
    const turn = [...this.#held].filter(isDue);
    const mine = (this.#tested = new Set(turn));
    for (const operation of turn) {
      this.#held.delete(operation);
      this.#send(operation);
    }
    // answers that came at once may have begun the next test
    if (this.#tested !== mine || !this.#search.active) return;
    // also without a member, because one may be told late of the connection
    this.#timer = asyncScheduler.schedule(() => {
      if (mine.size > 0) this.#uncertainUntil = asyncScheduler.now() + suspectWindowMs;
      for (const operation of mine) this.#unanswered.delete(operation);
      this.#pass(mine.size > 0);
    }, this.#search.passMs);
  }

  #pass(proven: boolean) {
    this.#tested = undefined;
    this.#timer?.unsubscribe();
    this.#search.pass(proven);
    this.#test();
  }

  /** The operation is no suspect any more. */
  #clear(operation: Operation, proven: boolean) {
    this.#held.delete(operation);
    this.#unanswered.delete(operation);
    if (this.#tested?.delete(operation) && this.#tested.size === 0) this.#pass(proven);
  }
}

/** The same error for the operation that caused it. */
export function asCulpritError(error: GraphQLSocketError): GraphQLSocketError {
  const { code, reason, wasClean } = error as ConnectionClosedError;
  return setErrorKind(
    new ConnectionClosedError(code, reason, wasClean, { cause: error }),
    'culprit',
  );
}
