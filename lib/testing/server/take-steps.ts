import {
  asyncScheduler,
  BehaviorSubject,
  concatMap,
  filter,
  firstValueFrom,
  map,
  mergeMap,
  of,
  Subject,
  tap,
  timer,
} from 'rxjs';
import { eventually } from './eventually.js';

/** Steps that are taken in order. */
export interface Steps {
  /**
   * Adds a step. The first that throws or rejects is the last.
   *
   * @param at - ms since the beginning, not before the step that precedes
   * @param act - its promise, if it returns one, is not waited for by the steps that follow
   */
  add(at: number, act: () => unknown): void;
  /** Resolves when all added so far are taken, or the rest was cancelled; rejects with what one threw. */
  taken(): Promise<void>;
  cancel(): void;
}

interface Step {
  readonly at: number;
  readonly act: () => unknown;
}

/** Takes steps when their time has come, counted from now; those of the same time in one go, and those of the past at once. */
export function takeSteps(): Steps {
  const began = asyncScheduler.now();
  const steps$ = new Subject<Step>();
  const taken$ = new BehaviorSubject(0);
  let added = 0;
  let reached = -1;
  const wait = (at: number) => {
    if (at <= reached) return of(0);
    const left = Math.max(0, began + at - asyncScheduler.now());
    return timer(left).pipe(tap(() => (reached = at)));
  };
  const taking = steps$
    .pipe(
      concatMap((step) => wait(step.at).pipe(map(() => step))),
      mergeMap(({ act }) => eventually(act)),
      map(() => taken$.value + 1),
    )
    .subscribe(taken$);
  return {
    add: (at, act) => {
      added += 1;
      steps$.next({ at, act });
    },
    taken: () => {
      const all = added;
      const through$ = taken$.pipe(filter((taken) => taken >= all));
      return firstValueFrom(through$.pipe(map(() => undefined)), { defaultValue: undefined });
    },
    cancel: () => {
      taking.unsubscribe();
      taken$.complete();
    },
  };
}
