import {
  asapScheduler,
  finalize,
  from,
  defer,
  dematerialize,
  map,
  materialize,
  merge,
  NEVER,
  Subject,
  tap,
  type ObservableNotification,
} from 'rxjs';
import type { ExecutionResult, GraphQLFormattedError } from 'rx-graphql-ws';
import type { LiveOperation, OperationHandler } from 'rx-graphql-ws/testing/server';
import { operationHead } from '../../lib/testing/operation-head.js';

/** Faults in the results of live operations: of one by its id or its name, or of all. */
export interface ResultFaults {
  /** Answers the operations that start from now on with nothing, and does not call the handler. */
  neverStart(): void;
  startOperations(): void;
  /** Completes the operation. */
  complete(match?: string): void;
  fail(match?: string, errors?: readonly GraphQLFormattedError[]): void;
  /** Pads the next result of all, in its `extensions`, by so many bytes. */
  oversize(bytes: number): void;
  /** Sends the last result again after the end of the operation; `{ data: null }` if there was none. */
  late(match?: string): void;
}

interface Outlet {
  readonly operation: LiveOperation;
  /** Ends the operation instead of the handler. */
  readonly end$: Subject<ObservableNotification<never>>;
  /** Bytes of the next result. */
  padding: number | undefined;
  lingers: boolean;
}

/** Makes the faults, and the wrapper of the handler on whose results they act. */
export function tamperWithResults() {
  const outlets = new Set<Outlet>();
  let starting = true;
  const matching = (match?: string) =>
    [...outlets].filter(({ operation: { id, request } }) =>
      [undefined, id, operationHead(request).name].includes(match),
    );
  const end = (match: string | undefined, notification: ObservableNotification<never>) => {
    for (const { end$ } of matching(match)) end$.next(notification);
  };
  const faults: ResultFaults = {
    neverStart: () => {
      starting = false;
    },
    startOperations: () => {
      starting = true;
    },
    complete: (match) => end(match, { kind: 'C' }),
    fail: (match, errors = [{ message: 'internal server error' }]) =>
      end(match, { kind: 'E', error: errors }),
    oversize: (padding) => {
      for (const outlet of outlets) Object.assign(outlet, { padding });
    },
    late: (match) => {
      for (const outlet of matching(match)) Object.assign(outlet, { lingers: true });
    },
  };
  const wrapHandler =
    (handle: OperationHandler): OperationHandler =>
    (request, context) => {
      const { peer, subprotocol } = context;
      const { id } = request;
      const operation = { connection: peer.connection, id, request };
      const end$ = new Subject<ObservableNotification<never>>();
      const outlet: Outlet = { operation, end$, padding: undefined, lingers: false };
      outlets.add(outlet);
      let last: ExecutionResult = { data: null };
      const results$ = starting ? defer(() => from(handle(request, context))) : NEVER;
      return merge(results$.pipe(materialize()), end$).pipe(
        dematerialize(),
        map((result) => padded(result, outlet)),
        tap((result) => {
          last = result;
        }),
        finalize(() => {
          outlets.delete(outlet);
          const type = subprotocol === 'graphql-ws' ? 'data' : 'next';
          // the end of the operation is sent first
          if (outlet.lingers) asapScheduler.schedule(() => peer.send({ id, type, payload: last }));
        }),
      );
    };
  return { faults, wrapHandler };
}

function padded(result: ExecutionResult, outlet: Outlet): ExecutionResult {
  const { padding } = outlet;
  if (padding === undefined) return result;
  outlet.padding = undefined;
  return { ...result, extensions: { padding: 'x'.repeat(padding) } };
}
