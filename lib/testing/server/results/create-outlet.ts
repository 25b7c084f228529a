import type { ExecutionResult } from 'rx-graphql-ws';
import {
  asapScheduler,
  BehaviorSubject,
  dematerialize,
  filter,
  map,
  materialize,
  mergeMap,
  switchMap,
  tap,
  type Observable,
  type ObservableNotification,
} from 'rxjs';
import type { LiveOperation } from '../ledger-entry.js';
import { createDistortions, type Distortions } from './distortions.js';

/** What stands between the results of one operation and the wire, for faults to act on. */
export interface Outlet extends Pick<Distortions, 'add'> {
  readonly operation: LiveOperation;
  /** The frames of the results as they are sent. */
  through(results$: Observable<ExecutionResult>): Observable<string>;
  /** Drops all further results and their end. Who makes them is not told. */
  silence(): void;
  /** Puts an end, an error or silence in the place of all further results, and unsubscribes from them. */
  replace(rest$: Observable<never>): void;
  /** Has a result follow the end of the operation. */
  linger(): void;
  /** To be called when the operation has ended. */
  close(): void;
}

/**
 * The outlet of an operation.
 *
 * @param operation - whose results
 * @param encode - makes the frame of a result
 * @param send - sends a frame past the outlet, after the operation's end
 */
export function createOutlet(
  operation: LiveOperation,
  encode: (result: ExecutionResult) => string,
  send: (frame: string) => void,
): Outlet {
  const rest$ = new BehaviorSubject<Observable<never> | undefined>(undefined);
  const distortions = createDistortions();
  let last = encode({ data: null });
  let silent = false;
  let lingers = false;
  return {
    operation,
    add: distortions.add,
    through: (results$) =>
      rest$.pipe(
        // As notifications: the end of what is switched to must be the end of all.
        switchMap((instead$) =>
          (instead$ ?? results$).pipe(
            materialize(),
            filter(() => instead$ !== undefined || !silent),
          ),
        ),
        mergeMap((notification): readonly ObservableNotification<ExecutionResult>[] =>
          notification.kind === 'N'
            ? distortions.pass(notification.value).map(next)
            : [...distortions.flush().map(next), notification],
        ),
        dematerialize(),
        map(encode),
        tap((frame) => {
          last = frame;
        }),
      ),
    silence: () => {
      silent = true;
    },
    replace: (instead$) => {
      rest$.next(instead$);
    },
    linger: () => {
      lingers = true;
    },
    close: () => {
      // Only after what ends the operation was sent.
      if (lingers)
        asapScheduler.schedule(() => {
          send(last);
        });
    },
  };
}

function next(value: ExecutionResult) {
  return { kind: 'N' as const, value };
}
