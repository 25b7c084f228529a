import type { Observable, ObservableInput } from 'rxjs';
import { of, switchMap, timer } from 'rxjs';
import type { GraphQLSocketError } from '../../errors.js';
import { callUser } from '../../validate.js';
import type { DialLimit } from './dial-limit.js';
import type { RecentWake } from './page-signals.js';
import type { RetryPolicy } from './retry-policy.js';
import { duration, firstOf, untilWoken } from './wait.js';

/** The second argument that a socket object passes to `reconnect`. */
export interface RetryContext {
  /** Whether another attempt may have other credentials. */
  readonly refreshable: boolean;
  readonly limit: Pick<DialLimit, 'wait' | 'available' | 'postpone' | 'judge'>;
  /** Emits when the present connection, attempt or wait is to be replaced, which is told to the next attempt as an error. */
  readonly renew$: Observable<GraphQLSocketError>;
  /** A first dial must wait for its turn, and nothing has failed before; or a dial follows a renewal. */
  queued(renewal?: GraphQLSocketError): void;
  /** A wait begins. `delay` in ms; undefined if an Observable decides. Attempt 0: a first dial that must wait for its turn. */
  waiting(attempt: number, delay: number | undefined, error: GraphQLSocketError): void;
}

/** The state of all subscriptions to one pipeline. */
export interface History {
  readonly recentWake: RecentWake;
  readonly policy: RetryPolicy;
  /** The last failure, until a connection has proven itself. */
  last: GraphQLSocketError | undefined;
}

/** Options of `reconnect`, with their defaults. */
interface Settings {
  readonly count: number;
  readonly delay:
    number | ((error: GraphQLSocketError, attempt: number) => number | ObservableInput<unknown>);
  readonly wake: Observable<unknown>;
}

/** The attempts of one subscription. */
export class Retries {
  readonly #settings: Settings;
  readonly #context: RetryContext;
  readonly #history: History;
  #attempt = 0;

  constructor(settings: Settings, context: RetryContext, history: History) {
    this.#settings = settings;
    this.#context = context;
    this.#history = history;
  }

  /** The connection has proven itself. */
  stable(): void {
    this.#attempt = 0;
    this.#history.last = undefined;
    this.#context.limit.judge(true);
    this.#history.policy.stable();
  }

  /** Waits until the first dial, or the one after a renewal, may be made. */
  turn(renewal: GraphQLSocketError | undefined): Observable<unknown> {
    const { limit, queued, waiting } = this.#context;
    const { last } = this.#history;
    const queue = limit.wait();
    if (renewal) queued(renewal);
    else if (queue > 0) {
      if (last) waiting(0, queue, last);
      else queued();
    }
    return limit.available();
  }

  /** Waits until the next attempt may be made. @throws GraphQLSocketError - there is none. */
  pause(error: GraphQLSocketError): Observable<unknown> {
    const { limit, waiting } = this.#context;
    const { count } = this.#settings;
    this.#history.last = error;
    limit.judge(false);
    limit.postpone(retryAfterOf(error));
    const { retry, isRefresh, isSearch, final } = this.#history.policy.decide(error);
    const isFree = isRefresh || (isSearch && count > 0);
    if (!retry || (this.#attempt >= count && !isFree)) throw final;
    if (!isSearch) return this.#wait(error);
    waiting(Math.max(this.#attempt, 1), limit.wait(), error);
    return limit.available();
  }

  #wait(error: GraphQLSocketError): Observable<unknown> {
    const { limit, waiting } = this.#context;
    const { delay, wake } = this.#settings;
    const attempt = (this.#attempt += 1);
    const given =
      typeof delay === 'function' ? callUser('retry.delay', () => delay(error, attempt)) : delay;
    const wait = this.#history.recentWake.take() ? 0 : given;
    // a string is iterable, and no wait
    const ms = Object(wait) === wait ? undefined : duration(wait);
    const wait$ = ms === undefined ? firstOf(wait as ObservableInput<unknown>, error) : timer(ms);
    const asked = retryAfterOf(error);
    waiting(attempt, ms === undefined ? ms : Math.max(asked + ms, limit.wait()), error);
    // the server's wish, then the user's, which a wake cuts short, then the limit
    return (asked > 0 ? timer(asked) : of(0)).pipe(
      switchMap(() => untilWoken(wait$, wake)),
      switchMap(() => limit.available()),
    );
  }
}

/** ms that the server asks for with `Retry-After`. */
function retryAfterOf(error: GraphQLSocketError): number {
  return (error as { retryAfter?: number }).retryAfter ?? 0;
}
