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

/** Timed steps. */
export interface Steps {
  /**
   * Adds a step. A step that throws or rejects cancels the rest.
   *
   * @param at - ms since `takeSteps()`, not before the preceding step
   * @param act - the following steps do not wait for a promise that it returns
   */
  add(at: number, act: () => unknown): void;
  /** Resolves when all steps added so far are taken or cancelled; rejects with the error of a step. */
  taken(): Promise<void>;
  cancel(): void;
}

interface Step {
  readonly at: number;
  readonly act: () => unknown;
}

/** Takes each step at its time, counted from now. Steps with the same time follow each other synchronously, and overdue ones act at once. */
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
