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
import { duration } from '../check.js';
import { seededRandom } from './seeded-random.js';
import type { Prepared, ServerFaults } from './server-faults.js';
import { mapPrepared, perform } from './socket-faults.js';
import { eventually } from './verdict.js';

type FaultSteps<F> = {
  readonly [K in keyof F]: F[K] extends (...args: infer Args extends readonly unknown[]) => unknown
    ? (...args: Args) => FaultScript<F>
    : never;
};

/**
 * A timed script: each fault of the server is a step here. You can add steps at any time; an overdue step acts at once. A step that throws
 * ends the script. The arguments of a step are checked when it is added, except within `oneOf`.
 * @example
 * ```ts
 * const { done } = server.script().at(3_000).halfOpen().at(8_000).restart(2_000);
 * await done;
 * ```
 */
export type FaultScript<F = ServerFaults> = FaultSteps<F> & {
  /** Sets the time of the following steps, in ms since the call of `script()`. @throws RangeError for a time before that of earlier steps */
  at(ms: number): FaultScript<F>;
  /** Adds one of several steps, drawn by the server's `seed`, such as `({ drop }) => drop()`. @throws RangeError without a step */
  oneOf(...steps: readonly ((server: F) => unknown)[]): FaultScript<F>;
  /** Resolves when every step so far was taken, or the server has stopped; rejects with the error of a step. Unread: see `finished()`. */
  readonly done: Promise<void>;
};

/** @param seed - seeds the choices of all scripts */
export function faultScripts(prepared: Prepared<ServerFaults>, seed: number) {
  const begun: ReturnType<typeof beginScript>[] = [];
  const random = seededRandom(seed);
  return {
    begin: () => {
      const running = beginScript(prepared, random);
      begun.push(running);
      return running.script;
    },
    /** Waits for every script. Rejects with the first error that was not reported, of a script whose `done` nobody read. */
    finished: async () => {
      for (const { finished } of begun) await finished();
    },
    cancel: () => begun.forEach(({ cancel }) => cancel()),
  };
}

function beginScript(prepared: Prepared<ServerFaults>, random: () => number) {
  const { add, taken, cancel } = takeSteps();
  const faults = perform(prepared);
  let time = 0;
  let reported = false;
  const then = (act: () => unknown) => {
    add(time, act);
    return script;
  };
  const script = {
    ...mapPrepared(prepared, then),
    at: (ms: number) => {
      duration('ms', ms);
      if (ms < time) throw new RangeError(`at(${ms}) goes back: the script is at ${time} ms`);
      time = ms;
      return script;
    },
    oneOf: (...steps: readonly ((server: ServerFaults) => unknown)[]) => {
      const step = steps[Math.floor(random() * steps.length)];
      if (!step) throw new RangeError('oneOf() has no step to take');
      return then(() => step(faults));
    },
    get done() {
      reported = true;
      return taken();
    },
  } as FaultScript;
  const finished = () =>
    taken().catch((error: unknown) => {
      if (reported) return;
      reported = true;
      throw error;
    });
  return { script, cancel, finished };
}

/** Takes each step at its time, counted from now. Steps with the same time follow each other synchronously, and overdue ones act at once. */
function takeSteps() {
  const began = asyncScheduler.now();
  const steps$ = new Subject<{ readonly at: number; readonly act: () => unknown }>();
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
    add: (at: number, act: () => unknown) => {
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
