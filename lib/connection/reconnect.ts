import type { MonoTypeOperatorFunction, Observable, ObservableInput } from 'rxjs';
import {
  catchError,
  defer,
  filter,
  ignoreElements,
  merge,
  retry,
  startWith,
  switchMap,
  take,
  tap,
  throwIfEmpty,
  timer,
} from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { isMisconfiguration } from '../errors.js';
import { isCredentialsCloseCode, isFatalCloseCode } from '../transport/close-code.js';
import { callUser, must } from '../validate.js';
import { exponentialBackoff } from './backoff.js';
import type { Connection } from './connection.js';

/** When and how often to dial again. */
export interface RetryOptions {
  /** Retries in a row, since the last stable connection, before the error is final. @defaultValue `Infinity` */
  count?: number | undefined;
  /** ms after which a connection counts as stable; its first result makes it so at once. @defaultValue `5_000` */
  resetAfter?: number | undefined;
  /** ms before a retry, or what to wait for; attempt 1 = first retry. @defaultValue `exponentialBackoff()` */
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
  /** `delay` in ms; undefined when an Observable decides. */
  waiting(attempt: number, delay: number | undefined, error: GraphQLSocketError): void;
}

const alone: RetrySupervisor = { refreshable: true, waiting: () => undefined };

/**
 * Dials again after a failed attempt or a lost connection. Refused credentials get one fresh try since the last stable
 * connection; a misconfiguration is final until there has been a first connection; some close codes always are.
 *
 * @throws whatever ended the last attempt. ConfigurationError - `delay` or `shouldRetry` threw or gave nonsense.
 *
 * @example
 * ```ts
 * openSocket({ url }).pipe(handshake(), keepAlive(), reconnect({ count: 10 }), shareConnection());
 * ```
 */
export function reconnect(options: RetryOptions = {}): MonoTypeOperatorFunction<Connection> {
  return supervisedReconnect(options, alone);
}

/** {@link reconnect}, for the socket object. */
export function supervisedReconnect(
  options: RetryOptions,
  supervisor: RetrySupervisor,
): MonoTypeOperatorFunction<Connection> {
  const {
    count = Infinity,
    resetAfter = 5_000,
    delay = exponentialBackoff(),
    shouldRetry,
  } = options;
  return (source$) => {
    let everConnected = false;
    return defer(() => {
      let attempt = 0;
      let refreshed = false;
      const stable = () => {
        attempt = 0;
        refreshed = false;
      };
      const pause = (error: GraphQLSocketError): Observable<unknown> => {
        const kind = classifyFailure(error);
        const fresh = kind === 'credentials' && supervisor.refreshable && !refreshed;
        const byDefault =
          fresh || kind === 'passing' || (kind === 'misconfiguration' && everConnected);
        const again = shouldRetry
          ? callUser('retry.shouldRetry', () => shouldRetry(error, byDefault))
          : byDefault;
        if (!again || (attempt >= count && !fresh)) throw error;
        refreshed ||= fresh;
        attempt += 1;
        const wait =
          typeof delay === 'function'
            ? callUser('retry.delay', () => delay(error, attempt))
            : delay;
        const ms = typeof wait === 'number' ? duration(wait) : undefined;
        supervisor.waiting(attempt, ms, error);
        return ms === undefined ? firstOf(wait as ObservableInput<unknown>, error) : timer(ms);
      };
      return source$.pipe(
        switchMap((connection) => {
          everConnected = true;
          return settled(connection, resetAfter, stable);
        }),
        retry({ delay: (error: GraphQLSocketError) => defer(() => pause(error)) }),
      );
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

function duration(ms: number): number {
  must('a number of milliseconds', () => !Number.isNaN(ms))('retry.delay', ms);
  return Math.min(Math.max(ms, 0), 2 ** 31 - 1);
}

/** An input that ends without a value has given up. */
function firstOf(wait: ObservableInput<unknown>, error: GraphQLSocketError): Observable<unknown> {
  return defer(() => wait).pipe(
    catchError((cause: unknown) =>
      callUser('retry.delay', () => {
        throw cause;
      }),
    ),
    throwIfEmpty(() => error),
  );
}

/** What a failed attempt or a lost connection means. */
function classifyFailure(
  error: GraphQLSocketError,
): 'passing' | 'credentials' | 'misconfiguration' | 'fatal' {
  const {
    code = 0,
    status = 0,
    kind,
  } = Object(error) as { code?: number; status?: number; kind?: string };
  if (isCredentialsCloseCode(code) || status === 401 || status === 403 || kind === 'rejected') {
    return 'credentials';
  }
  if (isMisconfiguration(error)) return 'misconfiguration';
  return isFatalCloseCode(code) ? 'fatal' : 'passing';
}
