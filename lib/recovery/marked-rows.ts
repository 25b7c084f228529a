import type { GraphQLSocket, SubscribeOptions, Variables } from 'rx-graphql-ws';
import { asyncScheduler, Observable, Subscription } from 'rxjs';
import { failed, unexpected } from './check.js';
import type { Gap } from './gap.js';
import { createGap } from './gap.js';

/** A request whose `variables` may be replaced. */
export interface Resendable {
  readonly variables?: Variables | (() => Variables | undefined) | undefined;
}

/**
 * The rows of a subscription, and a gap for each send that does not take up behind the last row. The gap is emitted when the message has
 * been sent, or before the first row behind it. A query that is sent at the gap thus comes behind the subscription.
 *
 * @param start - the row behind which the first send takes up
 */
export function markedRows<TRow>(
  socket: Pick<GraphQLSocket, 'subscribe$'>,
  request: Resendable,
  options: SubscribeOptions,
  rows: (data: never) => Iterable<TRow>,
  resume: ((last: TRow) => object) | undefined,
  start: TRow | undefined,
): Observable<TRow | Gap> {
  return new Observable((subscriber) => {
    let last = start;
    let isAgain = start !== undefined;
    let since: number | undefined;
    /** The gap that is due. */
    let gap: Gap | undefined;
    let marking = Subscription.EMPTY;
    /** The row at which the present send took up, until it is answered. */
    let resumed: TRow | undefined;
    let refused: TRow | undefined;
    /** The error of `resume`, which the core would tell as one of `variables`. */
    let failure: unknown;

    const mark = () => {
      const due = gap;
      gap = undefined;
      if (due) subscriber.next(due);
    };
    const takeUp = () => {
      if (!isAgain || !resume || last === undefined || last === refused) return undefined;
      resumed = last;
      try {
        const cursor = resume(last) as object | undefined;
        // it would take up nowhere, and no gap would tell
        if (!cursor || 'then' in cursor)
          throw unexpected('resume', 'a function that returns an object', cursor);
        return cursor;
      } catch (error) {
        throw (failure = failed('resume', error));
      }
    };
    const variables = () => {
      const given =
        typeof request.variables === 'function' ? request.variables() : request.variables;
      const before = since;
      if (last === undefined) since ??= asyncScheduler.now();
      failure = resumed = undefined;
      const cursor = takeUp();
      if (cursor) return { ...given, ...cursor };
      if (isAgain && !gap) {
        gap = createGap(before, asyncScheduler.now());
        marking = asyncScheduler.schedule(mark);
      }
      isAgain = true;
      return given;
    };
    const deliver = (data: never) => {
      const now = asyncScheduler.now();
      resumed = refused = undefined;
      mark();
      for (const row of rows(data)) {
        if (subscriber.closed) return;
        // before it is emitted, because a consumer may subscribe anew from within
        last = row;
        since = now;
        subscriber.next(row);
      }
    };
    const run = () => {
      const running = socket.subscribe$({ ...request, variables } as never, options).subscribe({
        next(data) {
          try {
            deliver(data as never);
          } catch (error) {
            subscriber.error(error);
          }
        },
        error(error: unknown) {
          if (resumed !== undefined && (error as Error | undefined)?.name === 'OperationError') {
            refused = resumed;
            run();
            return;
          }
          mark();
          subscriber.error(failure ?? error);
        },
        complete() {
          mark();
          subscriber.complete();
        },
      });
      subscriber.add(running);
    };
    run();
    return () => {
      marking.unsubscribe();
    };
  });
}
