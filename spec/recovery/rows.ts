import type { Observable } from 'rxjs';
import { map, Observable as Rx, timer } from 'rxjs';
import type { GraphQLSocket } from 'rx-graphql-ws';
import type { Gap } from 'rx-graphql-ws/recovery';
import { isGap } from 'rx-graphql-ws/recovery';
import { cold, record } from '../helpers/test.js';

/** A row of the tests: its number is its key. */
export interface Row {
  readonly k: number;
}
export interface After {
  readonly after?: number;
}

export const row = (k: number): Row => ({ k });
/** An answer after `ms`. */
export const answer = (ms: number, ...numbers: number[]): Observable<Row[]> =>
  timer(ms).pipe(map(() => numbers.map(row)));

/**
 * A `subscribe$` without a socket, for what a stream does in time: a digit is a row, `g` is a loss after which the subscription was sent
 * again, `e` is a result without rows. Its data are lists of rows.
 */
export function resending(marbles: string): Pick<GraphQLSocket, 'subscribe$'> {
  const subscribe$ = ({ variables }: { variables: () => unknown }) =>
    new Rx<Row[]>((subscriber) => {
      variables();
      return cold(marbles).subscribe({
        next(marble) {
          if (marble === 'g') variables();
          else subscriber.next(marble === 'e' ? [] : [row(Number(marble))]);
        },
        error: () => subscriber.error(new RangeError('the stream has failed')),
        complete: () => subscriber.complete(),
      });
    });
  return { subscribe$: subscribe$ as never };
}

/** Writes down `<ms> <row>`, `<ms> gap`, `<ms> gap: <message of its error>`, `<ms> complete`, `<ms> error <name>`. */
export function written(stream$: Observable<Row | Gap>) {
  const recording = record(stream$.pipe(map(show)));
  return {
    get log() {
      return recording.log.map((entry) => entry.join(' '));
    },
    /** The same without times. */
    get values() {
      return recording.values;
    },
    get error() {
      return recording.error;
    },
    unsubscribe: () => recording.unsubscribe(),
  };
}

export function show(item: Row | Gap): number | string {
  if (!isGap(item)) return item.k;
  return item.error === undefined ? 'gap' : `gap: ${(item.error as Error).message}`;
}
