import type { Observable } from 'rxjs';
import {
  asyncScheduler,
  concat,
  concatMap,
  defer,
  EMPTY,
  ignoreElements,
  merge,
  skip,
  Subject,
  take,
  tap,
  timer,
} from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { marked } from '../error-marks.js';
import { ConnectionClosedError } from '../errors.js';
import type { PreparedRequest } from '../protocol/request.js';

/** An operation as far as it may be the one that the server refused. */
export interface Suspect {
  readonly request: PreparedRequest;
}

/** Sends operations that are under suspicion one at a time, so that the next refusal names its culprit. */
export interface Quarantine<T extends Suspect> {
  holds(request: PreparedRequest): boolean;
  /** Calls `send` when its turn has come; that may return false: it is not wanted any more. */
  enter(operation: T, send: () => boolean): void;
  /** It is sent now. */
  sent(operation: T): void;
  /** It was answered, or nobody wants it any more. */
  clear(operation: T): void;
  /** Whom a refusal may have meant. */
  accuse(): readonly T[];
  stop(): void;
}

/** ms after which an operation that was not complained of is no suspect. */
const recent = 5_000;

/**
 * @param suspects - of all connections of the socket object
 * @param settled - emits when the server must have read what was sent
 */
export function createQuarantine<T extends Suspect>(
  suspects: WeakSet<PreparedRequest>,
  settled: () => Observable<unknown>,
): Quarantine<T> {
  const entries = new Subject<readonly [T, () => boolean]>();
  /** Not answered yet, with the instant at which it was sent: the oldest first. */
  const recents = new Map<T, number>();

  /** All that was sent before has been read, and not complained of. */
  const read$ = defer(() => {
    const before = [...recents.keys()];
    return settled().pipe(
      take(1),
      ignoreElements(),
      tap({
        complete() {
          for (const operation of before) recents.delete(operation);
        },
      }),
    );
  });
  const forgetOld = () => {
    const now = asyncScheduler.now();
    for (const [operation, sentAt] of recents) {
      // what a clock that was put back places in the future is none, either
      if (sentAt <= now && now - sentAt < recent) break;
      recents.delete(operation);
    }
    return now;
  };
  const test = ([operation, send]: readonly [T, () => boolean], index: number) => {
    const test$ = defer(() => {
      return send() ? read$ : EMPTY;
    }).pipe(
      tap({
        complete() {
          suspects.delete(operation.request);
        },
      }),
    );
    // first what is not under suspicion, and was sent before
    return index === 0 ? concat(read$, test$) : test$;
  };
  const testing = entries.pipe(concatMap(test)).subscribe();

  return {
    holds: (request) => suspects.has(request),
    enter(operation, send) {
      entries.next([operation, send]);
    },
    sent(operation) {
      recents.set(operation, forgetOld());
    },
    clear(operation) {
      recents.delete(operation);
    },
    accuse() {
      forgetOld();
      const accused = [...recents.keys()];
      if (accused.length > 1) for (const { request } of accused) suspects.add(request);
      return accused;
    },
    stop() {
      testing.unsubscribe();
    },
  };
}

/** The same error, for the operation that is the reason of it. */
export function blame(error: GraphQLSocketError): GraphQLSocketError {
  const { code, reason, wasClean } = error as ConnectionClosedError;
  return marked(new ConnectionClosedError(code, reason, wasClean, { cause: error }), 'culprit');
}

/** ms that a server has to read what was sent, where it cannot be asked; and where it does not answer. */
const legacyReading = 200;
const longestReading = 5_000;

/**
 * Emits when the server has read what was sent before: it answers a ping behind it.
 *
 * @param due - pongs that answer earlier pings
 */
export function hasRead(
  pong$: Observable<unknown>,
  ping: (() => void) | undefined,
  due: number,
): Observable<unknown> {
  if (!ping) return timer(legacyReading);
  const ping$ = defer(() => {
    ping();
    return EMPTY;
  });
  return merge(pong$.pipe(skip(due)), timer(longestReading), ping$);
}
