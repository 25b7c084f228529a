import type { Observable, Subscriber } from 'rxjs';
import {
  BehaviorSubject,
  defer,
  filter,
  ignoreElements,
  merge,
  Subject,
  take,
  takeUntil,
  throwIfEmpty,
} from 'rxjs';
import type { GraphQLSocketConfig, SingleOptions } from './config.js';
import { checkConfig, methodChecks } from './config.js';
import type { Connection, LiveConnection } from './connection/connection.js';
import { isAlive } from './connection/connection.js';
import { createJournal } from './connection/journal.js';
import { connections } from './connection/connections.js';
import { withReading } from './connection/reading.js';
import { shareConnection } from './connection/share-connection.js';
import { OperationError, SocketDisposedError } from './errors.js';
import type { GraphQLSocket } from './graphql-socket-api.js';
import type { RunOptions } from './operation/execute.js';
import { runOperation } from './operation/execute.js';
import { executionErrors } from './protocol/execution-errors.js';
import { rememberOperationType } from './protocol/request.js';
import { fanOut } from './operation/fan-out.js';
import type { RunSettings } from './operation/run.js';
import { deliverData } from './operation/select-data.js';
import { shareOperations } from './operation/share-operations.js';
import { sealed } from './sealed.js';
import { throwLater } from './throw-later.js';
import type { Payload, RequestInput } from './types.js';
import { checkAll } from './validate.js';

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
  const journal = createJournal();
  const current$ = new BehaviorSubject<Connection | undefined>(undefined);
  const disposed$ = new Subject<void>();
  let disposed = false;

  const shared$ = connections(options, journal, current$).pipe(
    takeUntil(disposed$),
    shareConnection(options),
  );
  const unlessDisposed = <T>(source$: Observable<T>) =>
    defer(() => (disposed ? throwLater(new SocketDisposedError()) : source$));
  const { print, jsonReplacer = null, codecs, onServerComplete } = options;
  // what a codec of the user's can write is known to it alone
  const replacer = codecs ? undefined : jsonReplacer;
  const typeOf = rememberOperationType();
  const source = fanOut(shared$);
  const live = () => {
    if (disposed) throw new SocketDisposedError();
    return source;
  };
  const optionsOf = <T extends RunOptions>(how: T) => {
    const asked = how.onServerComplete ?? onServerComplete;
    return { print, typeOf, replacer, ...how, onServerComplete: asked };
  };
  const run = <TData, TVariables, T>(
    request: RequestInput<TData, TVariables>,
    how: RunOptions,
    deliver: (payload: Payload<TData>, subscriber: Subscriber<T>) => void,
  ) => runOperation(live, request, optionsOf(how), deliver as RunSettings<T>['deliver']);
  const runShared = shareOperations(live);
  const single = <TData, TVariables>(
    request: RequestInput<TData, TVariables>,
    how: SingleOptions,
    assume: 'query' | 'mutation',
  ) => {
    checkAll('option', how, methodChecks.single);
    return defer(() => {
      let ignored: unknown = { message: 'completed without a result' };
      const deliver = (payload: Payload<TData>, subscriber: Subscriber<TData>) => {
        const result = payload.decode();
        ignored = result.errors ?? ignored;
        deliverData(result, how, subscriber);
      };
      return run(request, { ...how, assume }, deliver).pipe(
        take(1),
        throwIfEmpty(() => new OperationError(executionErrors(ignored))),
        sealed,
      );
    });
  };
  const close = () => {
    if (disposed) return;
    disposed = true;
    journal.close(() => {
      (current$.value as Partial<LiveConnection> | undefined)?.leave?.(new SocketDisposedError());
      disposed$.next();
      current$.complete();
    });
  };

  const disposeSymbol = Symbol.dispose as symbol | undefined;
  return {
    subscribe$(request, how = {}) {
      checkAll('option', how, methodChecks.subscribe);
      const { share, ...rest } = how;
      const options = { ...rest, assume: 'subscription' as const };
      if (share) return runShared(request, optionsOf(options), share === true ? {} : share);
      return run(request, options, (payload, subscriber) => {
        deliverData(payload.decode(), how, subscriber);
      });
    },
    query$: (request, how = {}) => single(request, how, 'query'),
    mutate$: (request, how = {}) => single(request, how, 'mutation'),
    execute$(request, how = {}) {
      checkAll('option', how, methodChecks.operation);
      return run(request, how, (payload, subscriber) => {
        subscriber.next(payload.decode());
      });
    },
    payload$(request, how = {}) {
      checkAll('option', how, methodChecks.operation);
      return run(request, how, (payload, subscriber) => {
        subscriber.next(payload);
      });
    },
    connection$: withReading(
      unlessDisposed(
        merge(shared$.pipe(ignoreElements()), current$.pipe(filter(isCurrent))).pipe(sealed),
      ),
      current$,
    ),
    status$: sealed(journal.status$),
    events$: sealed(journal.events$),
    close,
    ...(disposeSymbol && { [disposeSymbol]: close }),
  } as GraphQLSocket;
}

function isCurrent(connection: Connection | undefined): connection is Connection {
  return connection !== undefined && isAlive(connection);
}
