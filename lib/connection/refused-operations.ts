import type { Observable, Subscription } from 'rxjs';
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
import { ConnectionClosedError, setErrorKind } from '../errors.js';
import type { PreparedRequest } from '../protocol/request.js';

/** ms after which an operation that the server has not refused is no suspect. */
const suspectWindowMs = 5_000;

export type RefusedOperations<T extends { readonly prepared: PreparedRequest }> = ReturnType<
  typeof createRefusedOperations<T>
>;

/**
 * Finds the operation over which a server closed the connection (4400, 4500). If several may have been the reason, all of them become
 * suspects, and the next connection sends them one at a time, so that the next refusal names the culprit.
 *
 * @param suspects - the suspects of all connections of one pipeline
 * @param serverHasRead - emits when the server must have read everything that was sent
 */
export function createRefusedOperations<T extends { readonly prepared: PreparedRequest }>(
  suspects: WeakSet<PreparedRequest>,
  serverHasRead: () => Observable<unknown>,
) {
  const entries = new Subject<readonly [T, () => boolean]>();
  /** Operations that were not answered yet, with the instant at which each was sent, the oldest first. */
  const unanswered = new Map<T, number>();

  /** Completes when everything that was sent before has been read, and not refused. */
  const read$ = defer(() => {
    const before = [...unanswered.keys()];
    return serverHasRead().pipe(
      take(1),
      ignoreElements(),
      tap({
        complete() {
          for (const operation of before) unanswered.delete(operation);
        },
      }),
    );
  });
  const forgetOld = () => {
    const now = asyncScheduler.now();
    for (const [operation, sentAt] of unanswered) {
      // an instant in the future is the work of a clock that was put back
      if (sentAt <= now && now - sentAt < suspectWindowMs) break;
      unanswered.delete(operation);
    }
    return now;
  };
  const test = ([operation, send]: readonly [T, () => boolean], index: number) => {
    const test$ = defer(() => {
      return send() ? read$ : EMPTY;
    }).pipe(
      tap({
        complete() {
          suspects.delete(operation.prepared);
        },
      }),
    );
    // operations that are no suspects and were sent before come first
    return index === 0 ? concat(read$, test$) : test$;
  };
  /** Begins with the first entry, because most connections have none. */
  let testing: Subscription | undefined;

  return {
    isSuspect: (request: PreparedRequest) => suspects.has(request),
    /** Calls `send` when it is the operation's turn. `send` returns false if the operation is not wanted any more. */
    queue(operation: T, send: () => boolean) {
      testing ??= entries.pipe(concatMap(test)).subscribe();
      entries.next([operation, send]);
    },
    /** The operation is sent now. */
    sent(operation: T) {
      unanswered.set(operation, forgetOld());
    },
    /** The operation was answered, or nobody wants it any more. */
    accepted(operation: T) {
      unanswered.delete(operation);
    },
    /** The operations that a refusal may have meant. */
    findCulprit(): readonly T[] {
      forgetOld();
      const found = [...unanswered.keys()];
      if (found.length > 1) for (const { prepared } of found) suspects.add(prepared);
      return found;
    },
    stop() {
      testing?.unsubscribe();
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

/** ms that a server has to read what was sent: on the legacy protocol, which cannot ask; and if it does not answer a ping. */
const legacyReadingMs = 200;
const longestReadingMs = 5_000;

/**
 * Emits when the server has read everything that was sent before, because it answers a ping that was sent behind it.
 *
 * @param due - the number of earlier pings that are not answered yet
 */
export function whenServerHasRead(
  pong$: Observable<unknown>,
  ping: false | (() => void),
  due: number,
): Observable<unknown> {
  if (!ping) return timer(legacyReadingMs);
  const ping$ = defer(() => {
    ping();
    return EMPTY;
  });
  return merge(pong$.pipe(skip(due)), timer(longestReadingMs), ping$);
}
