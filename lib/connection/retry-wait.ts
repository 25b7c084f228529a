import type { Observable, ObservableInput } from 'rxjs';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  endWith,
  ignoreElements,
  merge,
  NEVER,
  take,
  throwIfEmpty,
  timer,
} from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { callUser, must } from '../validate.js';
import type { DialLimit } from './dial-limit.js';

/** What a retry must know of the limit of dials. */
export type RetryLimit = Pick<DialLimit, 'wait' | 'turn' | 'postpone'>;

/** The wait before one retry. */
export interface RetryWait {
  /** ms, as far as it is known. */
  readonly ms: number | undefined;
  /** Emits when it is over. */
  readonly over$: Observable<unknown>;
}

/**
 * First what the server asks for, then what the user does, which a wake cuts short, then what the limit of dials does.
 *
 * @throws ConfigurationError - `wait` is not a number. In the stream: it or `wake` failed.
 */
export function retryWait(
  wait: number | ObservableInput<unknown>,
  error: GraphQLSocketError,
  limit: RetryLimit,
  wake: Observable<unknown>,
): RetryWait {
  const asked = retryAfterOf(error);
  // a string is iterable, and no wait
  const ms = Object(wait) === wait ? undefined : duration(wait);
  const wait$ = ms === undefined ? firstOf(wait as ObservableInput<unknown>, error) : timer(ms);
  const asked$ = asked > 0 ? timer(asked) : EMPTY;
  return {
    ms: ms === undefined ? ms : Math.max(asked + ms, limit.wait()),
    over$: concat(asked$, untilWoken(wait$, wake), limit.turn()).pipe(
      ignoreElements(),
      endWith(true),
    ),
  };
}

/** ms that the server asks for. */
export function retryAfterOf(error: GraphQLSocketError): number {
  return (error as { retryAfter?: number }).retryAfter ?? 0;
}

function duration(ms: unknown): number {
  must('a number of milliseconds', () => typeof ms === 'number' && !Number.isNaN(ms))(
    'retry.delay',
    ms,
  );
  return Math.min(Math.max(ms as number, 0), 2 ** 31 - 1);
}

function untilWoken(wait$: Observable<unknown>, wake: Observable<unknown>): Observable<unknown> {
  const woken$ = wake.pipe(catchError((cause: unknown) => userFault('retry.wake', cause)));
  // a source of wakes that has ended wakes nobody, and ends no wait
  return merge(wait$, concat(woken$, NEVER)).pipe(take(1));
}

/** An input that ends without a value has given up. */
function firstOf(wait: ObservableInput<unknown>, error: GraphQLSocketError): Observable<unknown> {
  return defer(() => wait).pipe(
    catchError((cause: unknown) => userFault('retry.delay', cause)),
    throwIfEmpty(() => error),
  );
}

function userFault(option: string, cause: unknown): never {
  return callUser(option, () => {
    throw cause;
  });
}
