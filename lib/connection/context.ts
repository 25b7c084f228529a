import type { MonoTypeOperatorFunction } from 'rxjs';
import { asyncScheduler, BehaviorSubject, filter, Observable, switchMap, take, tap } from 'rxjs';
import type { ConnectionClosedError, GraphQLSocketError } from '../errors.js';
import type { Deliveries } from '../rx/emitter.js';
import type { DialContext, OpenSocketOptions } from '../transport/open-socket.js';
import type { Attempts } from '../transport/resolve-options.js';
import { createAttempts, isResolvedAfresh } from '../transport/resolve-options.js';
import type { Connection, LiveConnection } from './connection.js';
import { adaptConnection } from './connection.js';
import type { HandshakeContext, HandshakeOptions } from './handshake.js';
import type { KeepAliveContext, KeepAliveOptions } from './keep-alive/keep-alive.js';
import type { DialLimit } from './reconnect/dial-limit.js';
import { createRenewal } from './reconnect/renewal.js';
import type { RetryContext } from './reconnect/retries.js';
import type { RetryOptions } from './reconnect/reconnect.js';
import type { ShareContext } from './share-connection.js';
import type { EventLog } from './status/events.js';
import { createEventLog } from './status/events.js';
import type { StatusLog } from './status/status.js';
import { createStatusLog } from './status/status.js';

/** The options of a socket object that its stages share. */
export interface ContextOptions extends OpenSocketOptions, HandshakeOptions, KeepAliveOptions {
  readonly print?: ((document: never) => string) | undefined;
  readonly retry?: false | RetryOptions | undefined;
}

/** The state that the stages of one socket object share: the second argument of each stage. */
export interface Context
  extends DialContext, HandshakeContext, KeepAliveContext, RetryContext, ShareContext {
  /** The connection that there is, told before the operations are. */
  readonly current$: BehaviorSubject<LiveConnection | undefined>;
  readonly status: StatusLog;
  readonly events: EventLog;
  /** Replaces the present connection, attempt or wait; `error` is the close that the server and the user's functions are told of. */
  readonly renew: (error: ConnectionClosedError) => void;
  /** Whether anybody is subscribed to the present run, or to the next. */
  wanted$: BehaviorSubject<boolean>;
  /**
   * Follows the connections between `reconnect` and `shareConnection`: the state, and `current$`.
   *
   * @param failing - called before anybody is told that a run has failed, because whoever subscribes then belongs to the next one
   */
  readonly follow: (failing: () => void) => MonoTypeOperatorFunction<Connection>;
}

/** The burst of dials that the constructor of the test kit allows, because it dials no server. */
export const burstOf = ({ webSocketImpl }: OpenSocketOptions) =>
  ((webSocketImpl ?? {}) as { readonly dialBurst?: number }).dialBurst;

export function createContext(options: ContextOptions, limit: DialLimit): Context {
  const { url, subprotocols, connectionParams, webSocketOptions, retry, codecs } = options;
  const attempts = createAttempts();
  // one list, because a recording has both
  const deliveries: Deliveries = [];
  const status = createStatusLog(deliveries);
  const events = createEventLog(deliveries);
  const current$ = new BehaviorSubject<LiveConnection | undefined>(undefined);
  // a wait that ends in the turn of the last unsubscribe must not dial
  const available = () =>
    limit.available().pipe(switchMap(() => context.wanted$.pipe(filter(Boolean), take(1))));

  const renewal = createRenewal(limit, current$, () => context.wanted$.value);
  const context: Context = {
    attempts,
    dialects: codecs?.map(({ subprotocol }) => subprotocol) ?? [],
    ...(connectionParams !== undefined && { connectionParams }),
    connecting() {
      renewal.asks();
      status.enter({ state: 'connecting', attempt: attempts.current.attempt });
    },
    acquire: () => available().pipe(tap(renewal.count)),
    count: renewal.count,
    watch: events.watch,
    print: options.print,
    answerPings: options.answerPings,
    reconnects: retry !== false && retry?.count !== 0,
    wake: retry ? retry.wake : undefined,
    refreshable: [url, subprotocols, connectionParams, webSocketOptions].some(isResolvedAfresh),
    // the dial is counted where it is made, because its options may be long in coming
    limit: { ...limit, available },
    renew: renewal.renew,
    renew$: renewal.renew$,
    ...createWaits(attempts, status),
    wanted$: new BehaviorSubject(true),
    current$,
    status,
    events,
    follow: (failing) => follow(context, limit, failing),
  };
  return context;
}

function createWaits(
  attempts: Attempts,
  status: StatusLog,
): Pick<RetryContext, 'queued' | 'waiting'> {
  return {
    queued(error) {
      if (error) attempts.failed(error, 0);
      status.enter({ state: 'connecting', attempt: 0 });
    },
    waiting(attempt, delay, error) {
      // a search counts no attempt
      if (attempt > 0) attempts.failed(error, attempt);
      const until = delay === undefined ? undefined : asyncScheduler.now() + delay;
      status.enter({ state: 'waiting', attempt, delay, until, error });
    },
  };
}

function follow(
  context: Context,
  limit: DialLimit,
  failing: () => void,
): MonoTypeOperatorFunction<Connection> {
  const { current$, status, attempts } = context;
  let latest = 0;
  return (connection$) =>
    new Observable((subscriber) => {
      const run = (latest += 1);
      let current: LiveConnection | undefined;
      let failed = false;
      const dialling = connection$.subscribe({
        next(connection) {
          current = adaptConnection(connection);
          const { subprotocol, ackPayload } = connection;
          status.enter({ state: 'connected', subprotocol, ackPayload });
          current$.next(current);
          subscriber.next(connection);
        },
        error(error: GraphQLSocketError) {
          failed = true;
          failRun(context, error, failing);
          subscriber.error(error);
        },
      });
      return () => {
        // before it is left, while it is still known whether the server had closed it
        const wasOfUse = current?.lost === false ? current.useful : undefined;
        dialling.unsubscribe();
        // a subscriber that came while the last connection was left has begun the next run already
        if (run !== latest) return;
        if (wasOfUse !== undefined) limit.judge(wasOfUse, true);
        if (!failed) {
          attempts.reset();
          status.enter({ state: 'idle' });
        }
        current$.next(undefined);
      };
    });
}

function failRun(context: Context, error: GraphQLSocketError, failing: () => void) {
  context.attempts.failed(error, 0);
  // the run that has failed will say that nobody wants it, and must not say so of the next one
  context.wanted$ = new BehaviorSubject(true);
  failing();
  context.status.enter({ state: 'failed', error });
}
