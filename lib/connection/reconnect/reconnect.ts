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
import type { Connection } from '../connection.js';
import { adaptConnection } from '../connection.js';
import { exponentialBackoff } from './backoff.js';
import { createDialLimit } from './dial-limit.js';
import { createRecentWake, pageWakes } from './page-signals.js';
import { createRetryPolicy } from './retry-policy.js';
import type { History, RetryContext } from './retries.js';
import { Retries } from './retries.js';

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
