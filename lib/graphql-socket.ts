import type { Observable, Subscriber } from 'rxjs';
import { defer, filter, ignoreElements, merge, Subject, takeUntil } from 'rxjs';
import type {
  GraphQLSocketConfig,
  ReconnectOptions,
  SingleOptions,
  SubscribeOptions,
} from './config.js';
import { checkConfig, checkOptions, methodChecks } from './config.js';
import type { Connection, Followed, LiveConnection } from './connection/connection.js';
import { createContext } from './connection/context.js';
import { handshake } from './connection/handshake.js';
import { keepAlive } from './connection/keep-alive/keep-alive.js';
import { reconnect } from './connection/reconnect/reconnect.js';
import { shareConnection } from './connection/share-connection.js';
import type { SocketStatus } from './connection/status/status.js';
import { ConnectionClosedError, SocketDisposedError } from './errors.js';
import type { OperationOptions, RunOptions } from './operation/execute.js';
import { runOperation } from './operation/execute.js';
import { fanOut } from './operation/fan-out.js';
import type { OperationSettings } from './operation/operation-subscription.js';
import { deliverData } from './operation/results.js';
import { shareOperations } from './operation/share.js';
import { rememberHeads } from './protocol/document.js';
import { prepareRequest } from './protocol/request.js';
import { sealed, throwLater } from './rx/streams.js';
import type { SocketEvent } from './transport/events.js';
import { openSocket } from './transport/open-socket.js';
import type { ExecutionResult, Payload, RequestInput, Variables } from './types.js';

/** One connection, and the operations that share it. */
export interface GraphQLSocket {
  /** Data of a subscription: cold, one operation per subscriber unless they `share`, re-sent over reconnects. */
  subscribe$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: SubscribeOptions,
  ): Observable<TData>;
  /** Data of a query: emits once and completes, whether the server completes it or not. */
  query$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: SingleOptions,
  ): Observable<TData>;
  /** Data of a mutation: emits once and completes; never sent twice, unless with `resend`. */
  mutate$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: SingleOptions,
  ): Observable<TData>;
  /**
   * Whole results of any operation, parts of `@defer` and `@stream` too; errors in a result do not end the stream. The server's `complete`
   * does: `query$` ends without it.
   */
  execute$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: OperationOptions,
  ): Observable<ExecutionResult<TData>>;
  /** Undecoded results of any operation, ended as `execute$`: drop what you do not need before `decode()`. */
  payload$<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
    options?: OperationOptions,
  ): Observable<Payload<TData>>;
  /** Each acknowledged connection; holds the connection open while subscribed. Errors when fatal, completes on `close()`. */
  readonly connection$: Observable<Connection>;
  /** State, replayed; never errors. Completes when the last socket has closed after `close()`: `await lastValueFrom(status$)`. */
  readonly status$: Observable<SocketStatus>;
  /** The wire, secrets redacted; does not connect. */
  readonly events$: Observable<SocketEvent>;
  /**
   * Closes the present connection and dials again, with fresh values: `connectionParams`, `url` and all other functions are asked anew, with
   * `{ attempt: 0, error }`. For a login, a logout, or a token that expires while the socket is open; during a backoff it is "retry now". Subscriptions
   * and queries are sent again. A mutation that was sent gets a `ConnectionLostError`.
   *
   * Not before the dial limit and a `Retry-After` are over: until then the present connection stays, and many calls are one. A connection that lingers
   * for nobody is closed. Where nothing is connected or dialled, nothing happens.
   *
   * @throws ConfigurationError - a code or a reason that a close frame cannot carry.
   *
   * @example
   * ```ts
   * loggedIn$.subscribe(() => socket.reconnect());
   * ```
   */
  reconnect(options?: ReconnectOptions): void;
  /** Ends everything: subscriptions complete, the server is told, nothing reconnects. */
  close(): void;
  /** `close()`, for `using`; where the symbol exists. */
  [Symbol.dispose](): void;
}

/**
 * A GraphQL socket: dials when the first operation is subscribed, closes when the last has gone.
 *
 * @throws ConfigurationError - an option that is unknown, missing or wrong.
 *
 * @example
 * ```ts
 * const socket = graphqlSocket({ url: 'wss://example.org/graphql' });
 * socket.subscribe$<{ trades: Trade[] }>('subscription { trades { price } }')
 *   .subscribe(({ trades }) => console.log(trades));
 * ```
 */
export function graphqlSocket(config: GraphQLSocketConfig): GraphQLSocket {
  checkConfig(config);
  const options = { ...config };
  const context = createContext(options);
  const { current$, status, events } = context;
  const disposed$ = new Subject<void>();
  let disposed = false;

  const { print, jsonReplacer = null, codecs, onServerComplete, linger = 0 } = options;

  const begin = () => {
    const shared$ = run$.pipe(shareConnection(options, context));
    return { shared$, source: fanOut(shared$, linger > 0) };
  };
  const run$ = openSocket(options, context).pipe(
    handshake(options, context),
    keepAlive(options, context),
    reconnect(options.retry === false ? { count: 0 } : options.retry, context),
    context.follow(() => {
      present = begin();
    }),
    takeUntil(disposed$),
  );
  let present = begin();
  const connection$ = defer(() =>
    disposed
      ? throwLater(new SocketDisposedError())
      : merge(present.shared$.pipe(ignoreElements()), current$.pipe(filter(isCurrent))),
  );
  // only a user's codec knows what it can write
  const replacer = codecs ? undefined : jsonReplacer;
  const headsOf = rememberHeads();
  const live = () => {
    if (disposed) throw new SocketDisposedError();
    return present.source;
  };
  const runShared = shareOperations(live);
  const withDefaults = <T extends RunOptions>(given: T) => ({
    print,
    headsOf,
    replacer,
    ...given,
    onServerComplete: given.onServerComplete ?? onServerComplete,
  });
  const run = <TData, TVariables, T>(
    request: RequestInput<TData, TVariables>,
    given: RunOptions,
    deliver: (payload: Payload<TData>, subscriber: Subscriber<T>) => void,
  ) => {
    const runOptions = withDefaults(given);
    const prepare = () => prepareRequest(request, runOptions);
    return runOperation(live, prepare, runOptions, deliver as OperationSettings<T>['deliver']);
  };
  const single = <TData, TVariables>(
    request: RequestInput<TData, TVariables>,
    given: SingleOptions,
    assume: 'query' | 'mutation',
  ) => {
    checkOptions(given, methodChecks.single);
    const runOptions = { ...given, assume, needsResult: true };
    return run<TData, TVariables, TData>(request, runOptions, (payload, subscriber) => {
      if (deliverData(payload.decode(), given, subscriber)) subscriber.complete();
    });
  };
  const close = () => {
    if (disposed) return;
    disposed = true;
    status.enter({ state: 'closed' });
    current$.value?.leave(() => new SocketDisposedError(), true);
    disposed$.next();
    current$.complete();
    events.complete(status.complete);
  };

  const disposeSymbol = Symbol.dispose as symbol | undefined;
  return {
    subscribe$(request, given = {}) {
      checkOptions(given, methodChecks.subscribe);
      const { share, ...rest } = given;
      const runOptions = { ...rest, assume: 'subscription' as const };
      if (share) return runShared(request, withDefaults(runOptions), share === true ? {} : share);
      return run(request, runOptions, (payload, subscriber) => {
        deliverData(payload.decode(), given, subscriber);
      });
    },
    query$: (request, given = {}) => single(request, given, 'query'),
    mutate$: (request, given = {}) => single(request, given, 'mutation'),
    execute$(request, given = {}) {
      checkOptions(given, methodChecks.operation);
      return run(request, given, (payload, subscriber) => {
        subscriber.next(payload.decode());
      });
    },
    payload$(request, given = {}) {
      checkOptions(given, methodChecks.operation);
      return run(request, given, (payload, subscriber) => {
        subscriber.next(payload);
      });
    },
    reconnect(given = {}) {
      checkOptions(given, methodChecks.reconnect);
      const { code = 1000, reason = '' } = given;
      context.renew(new ConnectionClosedError(code, reason, true));
    },
    connection$: sealed<Connection>(connection$),
    current$: sealed(current$),
    status$: status.status$,
    events$: events.events$,
    close,
    ...(disposeSymbol && { [disposeSymbol]: close }),
  } as GraphQLSocket & Followed;
}

const isCurrent = (connection: LiveConnection | undefined): connection is LiveConnection =>
  connection !== undefined && !connection.lost;
