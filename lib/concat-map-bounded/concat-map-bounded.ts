import type { ObservableInput, OperatorFunction } from 'rxjs';
import { isObservable } from 'rxjs';
import type { Followed } from '../connection/connection.js';
import type { GraphQLSocket } from '../graphql-socket-api.js';
import type { Check } from '../validate.js';
import { checkAll, isFunction, must } from '../validate.js';
import { concatMapQueued } from './concat-map-queued.js';
import type { Overflow } from './overflow.js';
import { drop, pause, refuse } from './overflow.js';

/** How many values may wait, and what happens to a value for which there is no room. */
export type Bounded = {
  /** Values that may wait, besides the one that is worked on: a whole number, 0 or more. */
  capacity: number;
  /** Called for each value that is dropped, with how many were dropped so far. What it throws is the error of the stream. */
  dropped?: ((count: number) => void) | undefined;
} & (
  | {
      /** `error`: the stream ends with a `ConfigurationError`. `dropOldest`: the one that waits longest makes room. `dropNewest`: the one that comes is not let in. */
      overflow: 'error' | 'dropOldest' | 'dropNewest';
    }
  | {
      /** `pause`: nothing more is read. */
      overflow: 'pause';
      /** The socket object that the values come from. */
      socket: GraphQLSocket;
    }
);

/**
 * rxjs' `concatMap` for a consumer that may be slower than its source: of what waits there is a bound, and memory stays flat. Errors are
 * passed at once; when the source completes, what waits is worked off first. `index` counts the values that are projected.
 *
 * With `pause` nothing is lost, in Node: the socket stops reading when `capacity` values wait, and reads on when half of them are left
 * (all, of fewer than 4). What the last read brought, 64 KiB or a little more, waits as well. Meanwhile the server's writes back up, all
 * other operations of the socket object starve (give the consumer one of its own; a `project` that waited for one of them would wait for ever), the silence of a server is not noticed, its pings are
 * not answered, and neither is its close seen before it is read on. When several hold the socket, it reads on when the last lets go. What
 * does not come from that socket cannot be held back, nor what an operator in between keeps, and waits without a bound.
 *
 * @param project - as for `concatMap`; a Promise, an Observable, …
 * @throws ConfigurationError - at once, an option that is unknown, missing or wrong. On the stream, with `error`: more than `capacity`
 * waited (`option` is `capacity`: of all errors it alone is about a choice of yours, and names it). With `pause`: the WebSocket cannot
 * stop reading, as none of a browser's can (`option` is `overflow`); known with the first value. What `project` or `dropped` threw.
 *
 * @example
 * ```ts
 * socket.subscribe$<Trade>(trades)
 *   .pipe(concatMapBounded((trade) => store(trade), { capacity: 1_000, overflow: 'pause', socket }))
 *   .subscribe();
 * ```
 */
export function concatMapBounded<T, R>(
  project: (value: T, index: number) => ObservableInput<R>,
  options: Bounded,
): OperatorFunction<T, R> {
  must('a function', isFunction)('project', project);
  checkAll('option', options, checks);
  for (const name of ['capacity', 'overflow'] as const) checks[name](name, options[name]);
  if (options.overflow === 'pause') checks.socket('socket', options.socket);
  // a copy, because a later change would not be checked
  return concatMapQueued(project, overflowOf({ ...options }));
}

const checks = {
  capacity: must(
    'a whole number ≥ 0',
    (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  ),
  overflow: must("'error', 'dropOldest', 'dropNewest' or 'pause'", (value) =>
    ['error', 'dropOldest', 'dropNewest', 'pause'].includes(value as string),
  ),
  dropped: must('a function', isFunction),
  socket: must(
    'a socket object of `graphqlSocket`',
    (value) => isObservable((Object(value) as Partial<Followed>).current$),
    true,
  ),
} satisfies Record<string, Check>;

function overflowOf<T>(options: Bounded): () => Overflow<T> {
  const { capacity, dropped } = options;
  switch (options.overflow) {
    case 'error':
      return () => refuse(capacity);
    case 'dropOldest':
      return () => drop(capacity, 'oldest', dropped);
    case 'dropNewest':
      return () => drop(capacity, 'newest', dropped);
    case 'pause': {
      const { current$ } = options.socket as unknown as Followed;
      return () => pause(capacity, current$);
    }
  }
}
