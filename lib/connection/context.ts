import type { MonoTypeOperatorFunction } from 'rxjs';
import { asyncScheduler, BehaviorSubject, filter, Observable, switchMap, take, tap } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import type { DialContext, OpenSocketOptions } from '../transport/open-socket.js';
import { createAttempts, isResolvedAfresh } from '../transport/resolve-options.js';
import type { Connection, LiveConnection } from './connection.js';
import { adaptConnection } from './connection.js';
import type { HandshakeContext, HandshakeOptions } from './handshake.js';
import type { KeepAliveContext, KeepAliveOptions } from './keep-alive/keep-alive.js';
import { createDialLimit } from './reconnect/dial-limit.js';
import type { RetryContext, RetryOptions } from './reconnect/reconnect.js';
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
  /** Follows the connections between `reconnect` and `shareConnection`: the state, and `current$`. */
  readonly follow: MonoTypeOperatorFunction<Connection>;
}

export function createContext(options: ContextOptions): Context {
  const { url, subprotocols, connectionParams, webSocketOptions, retry, codecs } = options;
  const attempts = createAttempts();
  const limit = createDialLimit();
  const status = createStatusLog();
  const events = createEventLog();
  const wanted$ = new BehaviorSubject(true);
  const current$ = new BehaviorSubject<LiveConnection | undefined>(undefined);
  // a wait that ends in the turn of the last unsubscribe must not dial
  const available = () =>
    limit.available().pipe(switchMap(() => wanted$.pipe(filter(Boolean), take(1))));

  return {
    attempts,
    dialects: codecs?.map(({ subprotocol }) => subprotocol) ?? [],
    ...(connectionParams !== undefined && { connectionParams }),
    connecting() {
      status.enter({ state: 'connecting', attempt: attempts.current.attempt });
    },
    acquire: () => available().pipe(tap(limit.count)),
    count: limit.count,
    watch: events.watch,
    print: options.print,
    answerPings: options.answerPings,
    pongTimeout: options.pongTimeout,
    reconnects: retry !== false && retry?.count !== 0,
    wake: retry ? retry.wake : undefined,
    refreshable: [url, subprotocols, connectionParams, webSocketOptions].some(isResolvedAfresh),
    // the dial is counted where it is made, because its options may be long in coming
    limit: { ...limit, available },
    queued() {
      status.enter({ state: 'connecting', attempt: 0 });
    },
    waiting(attempt, delay, error) {
      // a search counts no attempt
      if (attempt > 0) attempts.failed(error, attempt);
      const until = delay === undefined ? undefined : asyncScheduler.now() + delay;
      status.enter({ state: 'waiting', attempt, delay, until, error });
    },
    wanted$,
    current$,
    status,
    events,
    follow: follow(current$, status, limit.excuse, attempts),
  };
}

function follow(
  current$: BehaviorSubject<LiveConnection | undefined>,
  status: StatusLog,
  excuse: () => void,
  attempts: DialContext['attempts'],
): MonoTypeOperatorFunction<Connection> {
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
          attempts.failed(error, 0);
          status.enter({ state: 'failed', error });
          subscriber.error(error);
        },
      });
      return () => {
        // before it is left, while it is still known whether the server had closed it
        const wasOfUse = current && !current.lost && current.useful;
        dialling.unsubscribe();
        // a subscriber that came while the last connection was left has begun the next run already
        if (run !== latest) return;
        if (wasOfUse) excuse();
        if (!failed) {
          attempts.reset();
          status.enter({ state: 'idle' });
        }
        current$.next(undefined);
      };
    });
}
