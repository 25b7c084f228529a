import type { MonoTypeOperatorFunction, Observable, ObservableInput } from 'rxjs';
import {
  defer,
  filter,
  ignoreElements,
  merge,
  retry,
  startWith,
  switchMap,
  take,
  tap,
  timer,
  using,
} from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { callUser } from '../validate.js';
import { exponentialBackoff } from './backoff.js';
import type { Connection } from './connection.js';
import { createDialLimit } from './dial-limit.js';
import { pageWakes } from './page-signals.js';
import { createRecentWake } from './recent-wake.js';
import type { RetryLimit } from './retry-wait.js';
import { retryAfterOf, retryWait } from './retry-wait.js';
import { createVerdicts } from './verdicts.js';

/** When and how often to dial again. */
export interface RetryOptions {
  /** Retries in a row, since the last stable connection, before the error is final. @defaultValue `Infinity` */
  count?: number | undefined;
  /** ms after which a connection counts as stable; its first result makes it so at once. @defaultValue `5_000` */
  resetAfter?: number | undefined;
  /** Cuts a wait short whenever it emits; hot, without replay: each wait subscribes to it. @defaultValue in a browser `online`, `pageshow`, or the page becoming visible; else nothing */
  wake?: Observable<unknown> | undefined;
  /**
   * ms before a retry, or what to wait for; attempt 1 = first retry. What the server asks for with `Retry-After` is waited for
   * before; and there is never more than one dial a second, three in a burst. @defaultValue `exponentialBackoff()`
   */
  delay?:
    | number
    | ((error: GraphQLSocketError, attempt: number) => number | ObservableInput<unknown>)
    | undefined;
  /** The last word on whether to retry; the default verdict is handed in. */
  shouldRetry?: ((error: GraphQLSocketError, byDefault: boolean) => boolean) | undefined;
}

/** What the socket object knows, and wants to know, of the retries. */
export interface RetrySupervisor {
  /** Whether another attempt may have other credentials. */
  readonly refreshable: boolean;
  readonly limit: RetryLimit;
  /** `delay` in ms; undefined when an Observable decides. Attempt 0: a first dial that must wait for its turn. */
  waiting(attempt: number, delay: number | undefined, error: GraphQLSocketError): void;
}

/**
 * Dials again after a failed attempt or a lost connection. Refused credentials get one fresh try since the last stable
 * connection; a misconfiguration is final until there has been a first connection; some close codes always are, and so is the
 * third fault within a minute that suggests a broken server. Never more than one dial a second, three in a burst; here every dial
 * is counted, while a socket object leaves out those that follow a clean close of its own.
 *
 * @throws whatever ended the last attempt. ConfigurationError - `delay`, `shouldRetry` or `wake` failed or gave nonsense.
 *
 * @example
 * ```ts
 * openSocket({ url }).pipe(handshake(), keepAlive(), reconnect({ count: 10 }), shareConnection());
 * ```
 */
export function reconnect(options: RetryOptions = {}): MonoTypeOperatorFunction<Connection> {
  const limit = createDialLimit();
  return supervisedReconnect(options, { refreshable: true, limit, waiting: () => undefined });
}

/** {@link reconnect}, for the socket object. */
export function supervisedReconnect(
  options: RetryOptions,
  { refreshable, limit, waiting }: RetrySupervisor,
): MonoTypeOperatorFunction<Connection> {
  const { count = Infinity, resetAfter = 5_000, delay = exponentialBackoff() } = options;
  const { wake = pageWakes() } = options;
  return (source$) => {
    const recentWake = createRecentWake(wake);
    const verdicts = createVerdicts(refreshable, options.shouldRetry);
    let last: GraphQLSocketError | undefined;
    return defer(() => {
      let attempt = 0;
      verdicts.begin();
      const stable = () => {
        attempt = 0;
        last = undefined;
        verdicts.stable();
      };
      const pause = (error: GraphQLSocketError): Observable<unknown> => {
        last = error;
        limit.postpone(retryAfterOf(error));
        const { again, free } = verdicts.of(error);
        if (!again || (attempt >= count && !free)) throw error;
        attempt += 1;
        const wait =
          typeof delay === 'function'
            ? callUser('retry.delay', () => delay(error, attempt))
            : delay;
        const { ms, over$ } = retryWait(recentWake.take() ? 0 : wait, error, limit, wake);
        waiting(attempt, ms, error);
        return over$;
      };
      const listening$ = using(
        () => recentWake.listen(),
        () => source$,
      );
      const connection$ = listening$.pipe(
        switchMap((connection) => {
          verdicts.connected();
          return settled(connection, resetAfter, stable);
        }),
        retry({ delay: (error: GraphQLSocketError) => defer(() => pause(error)) }),
      );
      const queue = limit.wait();
      if (queue > 0 && last) waiting(0, queue, last);
      return limit.turn().pipe(switchMap(() => connection$));
    });
  };
}

/** Emits the connection, and calls back once it has proven itself: an ack alone does not, or servers that die after it would be hammered. */
function settled(
  connection: Connection,
  resetAfter: number,
  stable: () => void,
): Observable<Connection> {
  const result$ = connection.messages$.pipe(filter(({ type }) => type === 'next'));
  return merge(timer(resetAfter), result$).pipe(
    take(1),
    tap(stable),
    ignoreElements(),
    startWith(connection),
  );
}
