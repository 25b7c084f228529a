import type { Subscriber } from 'rxjs';
import { defer, filter, ignoreElements, merge, Subject, takeUntil } from 'rxjs';
import { checkConfig, checkOptions, methodChecks } from './check-options.js';
import type { GraphQLSocketConfig } from './config.js';
import type { Connection, Followed, LiveConnection } from './connection/connection.js';
import type { Context } from './connection/context.js';
import { burstOf, createContext } from './connection/context.js';
import { handshake } from './connection/handshake.js';
import { keepAlive } from './connection/keep-alive/keep-alive.js';
import { createDialLimit, turnsOfOne } from './connection/reconnect/dial-limit.js';
import { reconnect } from './connection/reconnect/reconnect.js';
import { shareConnection } from './connection/share-connection.js';
import { ConnectionClosedError, SocketDisposedError } from './errors.js';
import type { RunOptions } from './operation/execute.js';
import { runOperation } from './operation/execute.js';
import { ConnectionSource } from './operation/connection-source.js';
import type { OperationSettings } from './operation/operation-subscription.js';
import { deliverData } from './operation/results.js';
import { shareOperations } from './operation/share.js';
import { rememberHeads } from './protocol/document.js';
import { prepareRequest } from './protocol/request.js';
import { sealed, throwLater } from './rx/streams.js';
import { openSocket } from './transport/open-socket.js';
import type { GraphQLSocket } from './graphql-socket-api.js';
import type { Payload, RequestInput } from './types.js';

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
  return createSocket({ ...config });
}

/** A socket object; `limit` may be that of others too. */
export function createSocket(
  options: GraphQLSocketConfig,
  limit = createDialLimit(turnsOfOne(burstOf(options))),
): GraphQLSocket {
  const context = createContext(options, limit);
  const { live, connection$, close } = createRuns(options, context);
  const disposeSymbol = Symbol.dispose as typeof Symbol.dispose | undefined;
  // V8 is several times as slow with an object that begins with a spread
  return Object.assign(
    createOperations(options, live),
    {
      reconnect(given = {}) {
        checkOptions(given, methodChecks.reconnect);
        const { code = 1000, reason = '' } = given;
        context.renew(new ConnectionClosedError(code, reason, true));
      },
      connection$: sealed<Connection>(connection$),
      current$: sealed(context.current$),
      status$: context.status.status$,
      events$: context.events.events$,
      close,
    } satisfies Partial<GraphQLSocket & Followed>,
    disposeSymbol && { [disposeSymbol]: close },
  );
}

/** The pipeline, run by run: a run that has failed is followed by another one. */
function createRuns(options: GraphQLSocketConfig, context: Context) {
  const { current$, status, events } = context;
  const { retry, linger = 0 } = options;
  const disposed$ = new Subject<void>();
  let disposed = false;

  const begin = () => {
    const shared$ = run$.pipe(shareConnection(options, context));
    return { shared$, source: new ConnectionSource(shared$, linger > 0) };
  };
  const run$ = openSocket(options, context).pipe(
    handshake(options, context),
    keepAlive(options, context),
    reconnect(retry === false ? { count: 0 } : retry, context),
    context.follow(() => {
      present = begin();
    }),
    takeUntil(disposed$),
  );
  let present = begin();
  return {
    connection$: defer(() =>
      disposed
        ? throwLater(new SocketDisposedError())
        : merge(present.shared$.pipe(ignoreElements()), current$.pipe(filter(isCurrent))),
    ),
    /** @throws SocketDisposedError */
    live() {
      if (disposed) throw new SocketDisposedError();
      return present.source;
    },
    close() {
      if (disposed) return;
      disposed = true;
      status.enter({ state: 'closed' });
      current$.value?.leave(() => new SocketDisposedError(), true);
      disposed$.next();
      current$.complete();
      events.complete(status.complete);
    },
  };
}

type Operations = Pick<
  GraphQLSocket,
  'subscribe$' | 'query$' | 'mutate$' | 'execute$' | 'payload$'
>;

/** The methods that run operations. */
function createOperations(options: GraphQLSocketConfig, live: () => ConnectionSource): Operations {
  const withDefaults = createDefaults(options);
  const runShared = shareOperations(live);
  const run = createRun(withDefaults, live);
  const single =
    (assume: 'query' | 'mutation'): GraphQLSocket['query$'] =>
    (request, given = {}) => {
      checkOptions(given, methodChecks.single);
      return run(request, { ...given, assume, needsResult: true }, (payload, subscriber) => {
        if (deliverData(payload.decode(), given, subscriber)) subscriber.complete();
      });
    };
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
    query$: single('query'),
    mutate$: single('mutation'),
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
  };
}

function createRun(withDefaults: Defaults, live: () => ConnectionSource) {
  return <TData, TVariables, T>(
    request: RequestInput<TData, TVariables>,
    given: RunOptions,
    deliver: (payload: Payload<TData>, subscriber: Subscriber<T>) => void,
  ) => {
    const runOptions = withDefaults(given);
    const prepare = () => prepareRequest(request, runOptions);
    return runOperation(live, prepare, runOptions, deliver as OperationSettings<T>['deliver']);
  };
}

type Defaults = ReturnType<typeof createDefaults>;

/** Adds to the options of an operation the socket's. */
function createDefaults(options: GraphQLSocketConfig) {
  const { print, jsonReplacer = null, codecs, onServerComplete } = options;
  // only a user's codec knows what it can write
  const replacer = codecs ? undefined : jsonReplacer;
  const headsOf = rememberHeads();
  return <T extends RunOptions>(given: T) => ({
    print,
    headsOf,
    replacer,
    ...given,
    onServerComplete: given.onServerComplete ?? onServerComplete,
  });
}

const isCurrent = (connection: LiveConnection | undefined): connection is LiveConnection =>
  connection !== undefined && !connection.lost;
