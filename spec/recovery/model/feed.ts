import type { Subscriber } from 'rxjs';
import { asyncScheduler, delay, mergeMap, Observable, Subscription, throwError, timer } from 'rxjs';
import { type GraphQLSocket, OperationError } from 'rx-graphql-ws';
import type { After, Row } from '../rows.js';
import { row } from '../rows.js';
import type { Random } from './random.js';

/** ms between two rows. */
const every = 20;

export interface FeedOptions {
  /** The number of rows in a result. */
  readonly batch: number;
  /** A cursor that is more rows behind is refused. */
  readonly horizon: number;
}

/** A server whose row k exists from 20 · k ms on, and a network that loses connections. */
export interface Feed {
  readonly socket: Pick<GraphQLSocket, 'subscribe$'>;
  readonly tally: { losses: number; refusals: number };
  /** The first row that was sent; 0 before. */
  first(): number;
  /** The rows that the subscriber has. */
  readonly emitted: Set<number>;
  /** The number of the latest row at a time, by default now. */
  latest(at?: number): number;
  /** From here on no connection is lost. */
  calm(): void;
}

/** Rows `from` to `to`. */
export const range = (from: number, to: number): Row[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => row(from + index));

export function createFeed(random: Random, { batch, horizon }: FeedOptions): Feed {
  const start = asyncScheduler.now();
  const tally = { losses: 0, refusals: 0 };
  let isCalm = false;
  const latest = (at = asyncScheduler.now()) => Math.max(0, Math.floor((at - start) / every));
  /** The first row that was sent to anybody: a cursor must not reach behind it. */
  let began = 0;

  /** The results of one connection, from when the server has read the request. */
  const serve = (after: number | undefined) => {
    if (after !== undefined && latest() - after > horizon) {
      tally.refusals += 1;
      return throwError(() => new OperationError([{ message: 'the cursor is too old' }]));
    }
    const behind = after === undefined ? latest() : Math.max(after, began - 1);
    let next = behind + 1;
    return timer(0, every).pipe(
      mergeMap(() => {
        const results: Row[][] = [];
        for (; next + batch - 1 <= latest(); next += batch)
          results.push(range(next, next + batch - 1));
        return results;
      }),
    );
  };
  const connect = (variables: () => After | undefined, subscriber: Subscriber<Row[]>) => {
    const sent = variables();
    const connection = new Subscription();
    subscriber.add(connection);
    const result$ = timer(random.below(40)).pipe(
      mergeMap(() => serve(sent?.after)),
      delay(random.below(40)),
    );
    connection.add(
      result$.subscribe({
        next(rows) {
          began ||= rows[0]!.k;
          subscriber.next(rows);
        },
        error: (error: unknown) => subscriber.error(error),
      }),
    );
    if (isCalm) return;
    const lose = () => {
      connection.unsubscribe();
      tally.losses += 1;
      const again = () => connect(variables, subscriber);
      subscriber.add(asyncScheduler.schedule(again, random.below(400)));
    };
    connection.add(asyncScheduler.schedule(lose, random.next() * random.below(1_500)));
  };
  const subscribe$ = ({ variables }: { readonly variables: () => After | undefined }) =>
    new Observable<Row[]>((subscriber) => connect(variables, subscriber));
  return {
    socket: { subscribe$: subscribe$ as never },
    tally,
    latest,
    first: () => began,
    emitted: new Set(),
    calm() {
      isCalm = true;
    },
  };
}
