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
import type { FaultScript, ServerFaults } from './api/peer.js';
import type { Run } from './check-faults.js';
import { eventually } from './eventually.js';
import { seededRandom } from './seeded-random.js';

type FaultsBy = (run?: Run) => ServerFaults;

/** @param faultsBy - makes the faults of the server, run in a way of their own @param seed - seeds the choices of all scripts */
export function faultScripts(faultsBy: FaultsBy, seed: number) {
  const begun: ReturnType<typeof beginScript>[] = [];
  const random = seededRandom(seed);
  return {
    begin: () => {
      const running = beginScript(faultsBy, random);
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

function beginScript(faultsBy: FaultsBy, random: () => number) {
  const { add, taken, cancel } = takeSteps();
  let time = 0;
  let reported = false;
  const then = (act: () => unknown) => {
    add(time, act);
    return script;
  };
  const script = {
    ...faultsBy(then),
    at: (ms: number) => {
      duration('ms', ms);
      if (ms < time) throw new RangeError(`at(${ms}) goes back: the script is at ${time} ms`);
      time = ms;
      return script;
    },
    oneOf: (...steps: readonly ((server: ServerFaults) => unknown)[]) => {
      const step = steps[Math.floor(random() * steps.length)];
      if (!step) throw new RangeError('oneOf() has no step to take');
      return then(() => step(faultsBy()));
    },
    get done() {
      reported = true;
      return taken();
    },
  } as unknown as FaultScript;
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
  const steps$ = new Subject<readonly [at: number, act: () => unknown]>();
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
      concatMap(([at, act]) => wait(at).pipe(map(() => act))),
      mergeMap(eventually),
      map(() => taken$.value + 1),
    )
    .subscribe(taken$);
  return {
    add: (at: number, act: () => unknown) => {
      added += 1;
      steps$.next([at, act]);
    },
    taken: async () => {
      const all = added;
      await firstValueFrom(taken$.pipe(filter((taken) => taken >= all)), { defaultValue: 0 });
    },
    cancel: () => {
      taking.unsubscribe();
      taken$.complete();
    },
  };
}
