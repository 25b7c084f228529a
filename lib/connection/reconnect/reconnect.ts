import type { MonoTypeOperatorFunction, Observable, ObservableInput } from 'rxjs';
import {
  defer,
  EMPTY,
  filter,
  finalize,
  ignoreElements,
  merge,
  noop,
  of,
  retry,
  switchMap,
  take,
  tap,
  timer,
} from 'rxjs';
import type { GraphQLSocketError } from '../../errors.js';
import { callUser } from '../../validate.js';
import type { Connection } from '../connection.js';
import { adaptConnection } from '../connection.js';
import { exponentialBackoff } from './backoff.js';
import type { DialLimit } from './dial-limit.js';
import { createDialLimit } from './dial-limit.js';
import type { RecentWake } from './page-signals.js';
import { createRecentWake, pageWakes } from './page-signals.js';
import type { RetryPolicy } from './retry-policy.js';
import { createRetryPolicy } from './retry-policy.js';
import { duration, firstOf, untilWoken } from './wait.js';

/** When and how often to dial again. */
export interface RetryOptions {
  /** Retries in a row, since the last stable connection, before the error is final. @defaultValue `Infinity` */
  count?: number | undefined;
  /** ms after which a connection counts as stable; its first result makes it so at once. @defaultValue `5_000` */
  resetAfter?: number | undefined;
  /** Cuts a wait short whenever it emits; hot, without replay: each wait subscribes to it. @defaultValue `pageWakes()`: in a browser `online`, `pageshow`, or the page becoming visible; else nothing */
  wake?: Observable<unknown> | undefined;
  /**
   * ms before a retry, or what to wait for; attempt 1 = first retry. A wait that the server asks for with `Retry-After` comes
   * first; and there is never more than one dial a second, three in a burst. @defaultValue `exponentialBackoff()`
   */
  delay?:
    | number
    | ((error: GraphQLSocketError, attempt: number) => number | ObservableInput<unknown>)
    | undefined;
  /** The last word on whether to retry; the default decision is handed in. */
  shouldRetry?: ((error: GraphQLSocketError, byDefault: boolean) => boolean) | undefined;
}

/** The second argument that a socket object passes to {@link reconnect}. */
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

/**
 * Dials again after a failed attempt or a lost connection. Refused credentials get one fresh try since the last stable
 * connection; a misconfiguration is final until there has been a first connection; some close codes always are, and so is the
 * third protocol fault within a minute. There is never more than one dial a second, three in a burst; here every dial
 * is counted, while a socket object excuses those that follow a close of its own after a result.
 *
 * @throws whatever ended the last attempt. ConfigurationError - `delay`, `shouldRetry` or `wake` failed or gave nonsense.
 *
 * @example
 * ```ts
 * openSocket({ url }).pipe(handshake(), keepAlive(), reconnect({ count: 10 }), shareConnection());
 * ```
 */
export function reconnect(options?: RetryOptions): MonoTypeOperatorFunction<Connection>;
/** @internal */
export function reconnect(
  options: RetryOptions | undefined,
  context: RetryContext,
): MonoTypeOperatorFunction<Connection>;
export function reconnect(
  options: RetryOptions = {},
  context: RetryContext = standaloneContext(),
): MonoTypeOperatorFunction<Connection> {
  const { count = Infinity, resetAfter = 5_000, delay = exponentialBackoff() } = options;
  const { wake = pageWakes() } = options;
  return (source$) => {
    const recentWake = createRecentWake(wake);
    const policy = createRetryPolicy(context.refreshable, options.shouldRetry);
    const history: History = { recentWake, policy, last: undefined };
    return defer(() => {
      policy.stable();
      const retries = new Retries({ count, delay, wake }, context, history);
      const listening$ = defer(() => {
        const listening = recentWake.listen();
        return source$.pipe(
          finalize(() => {
            listening.unsubscribe();
          }),
        );
      });
      const connection$ = listening$.pipe(
        switchMap((connection) => {
          policy.connected();
          return emitAndProve(connection, resetAfter, retries);
        }),
        retry({ delay: (error: GraphQLSocketError) => defer(() => retries.pause(error)) }),
      );
      // the renewals first, because the first dial may lead to one
      return merge(context.renew$, of(undefined)).pipe(
        switchMap((renewal) => retries.turn(renewal).pipe(switchMap(() => connection$))),
      );
    });
  };
}

/** The state of all subscriptions to one pipeline. */
interface History {
  readonly recentWake: RecentWake;
  readonly policy: RetryPolicy;
  /** The last failure, until a connection has proven itself. */
  last: GraphQLSocketError | undefined;
}

type Settings = Required<{
  [Name in 'count' | 'delay' | 'wake']: NonNullable<RetryOptions[Name]>;
}>;

/** The attempts of one subscription. */
class Retries {
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

/** Every dial behind this stage counts. */
function standaloneContext(): RetryContext {
  const { available, count, ...limit } = createDialLimit();
  const acquire = () => available().pipe(tap(count));
  return {
    refreshable: true,
    limit: { ...limit, available: acquire },
    renew$: EMPTY,
    queued: noop,
    waiting: noop,
  };
}

/** Emits the connection, and calls back once it has proven itself. An ack alone is no proof, because servers that die after it would be hammered. */
function emitAndProve(
  connection: Connection,
  resetAfter: number,
  retries: Retries,
): Observable<Connection> {
  const { messages$, settle } = adaptConnection(connection);
  const result$ = messages$.pipe(filter(({ type }) => type === 'next'));
  const proof$ = merge(timer(resetAfter), result$).pipe(
    take(1),
    tap(() => {
      settle();
      retries.stable();
    }),
    ignoreElements(),
  );
  return merge(of(connection), proof$);
}
