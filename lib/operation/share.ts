import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import { finalize, merge, ReplaySubject, share, Subject, take, tap, timer } from 'rxjs';
import type { PreparedRequest } from '../protocol/request.js';
import { prepareRequest } from '../protocol/request.js';
import { guarded, sealed } from '../rx/streams.js';
import type { RequestInput } from '../types.js';
import type { RunOptions } from './execute.js';
import { runOperation } from './execute.js';
import type { ConnectionSource } from './connection-source.js';
import { createFreezer } from './frozen-request.js';
import type { SelectDataOptions } from './results.js';
import { deliverData } from './results.js';

/** How equal operations are shared. */
export interface ShareOptions {
  /** A late subscriber first receives up to so many earlier values. @defaultValue `0` */
  replay?: number | undefined;
  /** ms that the operation is kept after its last subscriber left. 0 is a timer too: `switchMap` from one to the next keeps it. @defaultValue `0` */
  linger?: number | undefined;
}

type SharedOptions = RunOptions & SelectDataOptions;

/**
 * Runs one operation for all subscribers whose request and options are equal, `replay`, `linger` and `errorPolicy` included: sent for the
 * first, stopped `linger` ms after the last. Each result is decoded once, and all get the same data. While nothing is connected nothing
 * lingers, and an operation whose connection is lost while it lingers is not sent again.
 */
export function shareOperations(source: () => ConnectionSource) {
  const freeze = createFreezer();

  const find = <TData, TVariables>(
    request: RequestInput<TData, TVariables>,
    options: SharedOptions,
    { replay = 0, linger = 0 }: ShareOptions,
  ): Observable<unknown> => {
    const connections = source();
    const { shared } = connections;
    const frozen = freeze(prepareRequest(request, options), options.replacer);
    const key = [
      frozen.key,
      frozen.prepared.resend,
      ...sharedOptions(options),
      replay,
      linger,
    ].join();
    const known$ = shared.get(key);
    if (known$) return known$;
    const forget = () => {
      if (shared.get(key) === shared$) shared.delete(key);
    };
    const shared$: Observable<unknown> = runPrepared(connections, frozen.prepared, options).pipe(
      // before the subscribers are told, because one may subscribe again at once
      tap({ error: forget, complete: forget }),
      finalize(forget),
      shareOver(connections, replay, linger),
    );
    shared.set(key, shared$);
    return shared$;
  };
  return <TData, TVariables>(
    request: RequestInput<TData, TVariables>,
    options: SharedOptions,
    shareOptions: ShareOptions,
  ) =>
    guarded<TData>((subscriber) => {
      const shared$ = find(request, options, shareOptions) as Observable<TData>;
      return sealed(shared$).subscribe(subscriber);
    });
}

function runPrepared(
  connections: ConnectionSource,
  prepared: PreparedRequest,
  options: SharedOptions,
): Observable<unknown> {
  return runOperation<unknown>(
    () => connections,
    () => prepared,
    options,
    (payload, subscriber) => {
      deliverData(payload.decode(), options, subscriber);
    },
  );
}

/** The options in which equal operations are alike. */
function sharedOptions({ errorPolicy = 'none', onServerComplete = 'complete' }: SharedOptions) {
  return [onServerComplete, errorPolicy];
}

/** One subscription for all. It lasts `linger` ms after the last of them, while the connection does. */
function shareOver(
  connections: ConnectionSource,
  replay: number,
  linger: number,
): MonoTypeOperatorFunction<unknown> {
  return share<unknown>({
    connector: () => (replay > 0 ? new ReplaySubject(replay) : new Subject()),
    resetOnRefCountZero: () =>
      merge(timer(connections.connection ? linger : 0), connections.change$).pipe(take(1)),
  });
}
