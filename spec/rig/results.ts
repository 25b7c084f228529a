import {
  asapScheduler,
  BehaviorSubject,
  defer,
  dematerialize,
  EMPTY,
  filter,
  finalize,
  from,
  materialize,
  mergeMap,
  NEVER,
  switchMap,
  tap,
  throwError,
  type Observable,
  type ObservableNotification,
} from 'rxjs';
import type { ExecutionResult, GraphQLFormattedError } from 'rx-graphql-ws';
import type { LiveOperation, OperationHandler } from 'rx-graphql-ws/testing/server';
import { operationHead } from '../../lib/testing/operation-head.js';
import {
  omitting,
  padding,
  reordering,
  repeating,
  truncating,
  type Distortion,
} from './distort.js';

/** The live operations to act on: by id, by name, or by a predicate; default all. */
export type OperationMatch = string | ((operation: LiveOperation) => boolean);

/** Faults in the results of live operations. The handler and the truth of a feed stay as they are. */
export interface ResultFaults {
  /** Sends neither results nor the end of the operation any more. The handler goes on. */
  zombie(match?: OperationMatch): void;
  /** Answers the operations that start from now on with nothing, and does not call the handler. */
  neverStart(): void;
  startOperations(): void;
  /** Completes the operation. */
  complete(match?: OperationMatch): void;
  fail(match?: OperationMatch, errors?: readonly GraphQLFormattedError[]): void;
  /** Sends the next result so many times more. */
  duplicate(times?: number, match?: OperationMatch): void;
  /** Swaps the next two results. */
  reorder(match?: OperationMatch): void;
  /** Loses the next results. */
  omit(count?: number, match?: OperationMatch): void;
  /** Shortens each list at the root of the next result's data. */
  truncate(limit: number, match?: OperationMatch): void;
  /** Pads the next result, in its `extensions`, to so many bytes of JSON. */
  oversize(bytes?: number, match?: OperationMatch): void;
  /** Sends the last result again after the end of the operation; `{ data: null }` if there was none. */
  late(match?: OperationMatch): void;
}

interface Outlet {
  readonly operation: LiveOperation;
  /** Replaces the rest of the results. */
  readonly rest$: BehaviorSubject<Observable<never> | undefined>;
  readonly distortions: Distortion[];
  silent: boolean;
  lingers: boolean;
}

/** Makes the faults, and the wrapper of the handler on whose results they act. */
export function tamperWithResults() {
  const outlets = new Set<Outlet>();
  let starting = true;
  const each = (match: OperationMatch | undefined, act: (outlet: Outlet) => void) => {
    // An operation that ends leaves the set.
    [...outlets].filter(({ operation }) => matches(operation, match)).forEach(act);
  };
  const distort = (distortion: () => Distortion, match?: OperationMatch) =>
    each(match, ({ distortions }) => distortions.push(distortion()));
  const faults: ResultFaults = {
    zombie: (match) =>
      each(match, (outlet) => {
        outlet.silent = true;
      }),
    neverStart: () => {
      starting = false;
    },
    startOperations: () => {
      starting = true;
    },
    complete: (match) => each(match, ({ rest$ }) => rest$.next(EMPTY)),
    fail: (match, errors = [{ message: 'internal server error' }]) =>
      each(match, ({ rest$ }) => rest$.next(throwError((): unknown => errors))),
    duplicate: (times = 1, match) => distort(() => repeating(times), match),
    reorder: (match) => distort(reordering, match),
    omit: (count = 1, match) => distort(() => omitting(count), match),
    truncate: (limit, match) => distort(() => truncating(limit), match),
    oversize: (bytes = 1_200_000, match) => distort(() => padding(bytes), match),
    late: (match) =>
      each(match, (outlet) => {
        outlet.lingers = true;
      }),
  };
  const wrapHandler =
    (handle: OperationHandler): OperationHandler =>
    (request, context) => {
      const { peer, subprotocol } = context;
      const { id } = request;
      const outlet: Outlet = {
        operation: { connection: peer.connection, id, request },
        rest$: new BehaviorSubject<Observable<never> | undefined>(starting ? undefined : NEVER),
        distortions: [],
        silent: false,
        lingers: false,
      };
      outlets.add(outlet);
      let last: ExecutionResult = { data: null };
      return through(
        defer(() => from(handle(request, context))),
        outlet,
      ).pipe(
        tap((result) => {
          last = result;
        }),
        finalize(() => {
          outlets.delete(outlet);
          const type = subprotocol === 'graphql-ws' ? 'data' : 'next';
          // The end of the operation is sent first.
          if (outlet.lingers) asapScheduler.schedule(() => peer.send({ id, type, payload: last }));
        }),
      );
    };
  return { faults, wrapHandler };
}

function through(
  results$: Observable<ExecutionResult>,
  outlet: Outlet,
): Observable<ExecutionResult> {
  const { rest$, distortions } = outlet;
  const distorted$ = results$.pipe(
    materialize(),
    mergeMap((notification): readonly ObservableNotification<ExecutionResult>[] =>
      notification.kind === 'N'
        ? distortions.reduce(apply, [notification.value]).map(toNext)
        : [...distortions.flatMap(({ held }) => held()).map(toNext), notification],
    ),
    dematerialize(),
  );
  return rest$.pipe(
    // As notifications, because the end of the replacement must be the end of all.
    switchMap((instead$) =>
      (instead$ ?? distorted$).pipe(
        materialize(),
        filter(() => instead$ !== undefined || !outlet.silent),
      ),
    ),
    dematerialize(),
  );
}

function apply(results: readonly ExecutionResult[], { take }: Distortion) {
  return results.flatMap(take);
}

function toNext(value: ExecutionResult) {
  return { kind: 'N' as const, value };
}

function matches(operation: LiveOperation, match: OperationMatch | undefined): boolean {
  if (typeof match === 'function') return match(operation);
  return (
    match === undefined || [operation.id, operationHead(operation.request).name].includes(match)
  );
}
