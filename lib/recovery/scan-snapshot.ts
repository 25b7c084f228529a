import type { ObservableInput, Observable } from 'rxjs';
import {
  connect,
  defer,
  EMPTY,
  filter,
  first,
  from,
  map,
  merge,
  mergeMap,
  of,
  switchMap,
} from 'rxjs';
import type { Gap } from './gap.js';
import { isGap } from './gap.js';

/**
 * State that is made of a snapshot and of what has happened since. It subscribes, takes the snapshot, applies the rows that came meanwhile, and
 * then each row that follows. At a gap it takes another one, and keeps the state until that is there.
 *
 * Only a stream that shows its gaps is accepted, because without them the state is wrong after the first one.
 *
 * A row may be in the snapshot already: `apply` must bear that. The server must begin the subscription before it reads the snapshot, and the protocol
 * does not tell when it has. If a server may be late, delay the snapshot: `() => timer(500).pipe(switchMap(() => query$))`.
 *
 * @param snapshot - gets the gap, or `undefined` at the start; its first value counts. If it fails or is empty, the stream errors.
 * @param apply - gives the state after a row; it must not change the state that it is given
 *
 * @example
 * ```ts
 * const todos$ = recover(socket, TodoChanged).pipe(
 *   scanSnapshot(
 *     () => socket.query$(TodoList),
 *     (state, { todo }) => ({ todos: [...state.todos.filter(({ id }) => id !== todo.id), todo] }),
 *   ),
 * );
 * ```
 */
export function scanSnapshot<T, S>(
  snapshot: (gap: Gap | undefined) => ObservableInput<S>,
  apply: (state: S, row: Exclude<T, Gap>) => S,
): (
  source$: Observable<T> &
    (Gap extends T ? unknown : { readonly '': 'has no gaps: use recover()' }),
) => Observable<S> {
  return (source$) =>
    defer(() => {
      const start = {} as Gap;
      /** The rows since a snapshot was asked for; undefined when it is there. */
      let waiting: Exclude<T, Gap>[] | undefined = [];
      let state: S;
      const take = (gap: Gap) => {
        waiting = [];
        return from(snapshot(gap === start ? undefined : gap)).pipe(
          first(),
          map((taken) => {
            state = (waiting as Exclude<T, Gap>[]).reduce(apply, taken);
            waiting = undefined;
            return state;
          }),
        );
      };
      const pass = (row: Exclude<T, Gap>) => {
        if (!waiting) return of((state = apply(state, row)));
        waiting.push(row);
        return EMPTY;
      };
      const isMark = (item: T | Gap): item is Gap => item === start || isGap(item);
      const isRow = (item: T | Gap): item is Exclude<T, Gap> => !isMark(item);
      // subscribes to the source before it takes the snapshot
      return merge(source$ as Observable<T>, of(start)).pipe(
        connect((item$) =>
          merge(
            item$.pipe(filter(isRow), mergeMap(pass)),
            item$.pipe(filter(isMark), switchMap(take)),
          ),
        ),
      );
    });
}
