import { compilePrograms } from '../helpers/measure/compile-programs.js';
import { runChild } from '../helpers/measure/run-child.js';
import type { NoSample, Order, PlacedTask, Sample, Task } from './task.js';

/** A process that measures one variant. Between what it is told to do it is idle. */
interface Subject {
  /** Has everything run as often as it takes to be optimised. */
  warm(): Promise<void>;
  /** Measures for a short while, or all there is to measure. */
  slice(): Promise<Sample>;
  /** Tells the sample of all slices. */
  end(): Promise<Sample>;
  /** Ends the process. */
  stop(): Promise<void>;
}

export type StartSubject = (task: Task, flags?: readonly string[]) => Subject;

/** A server that is up, and what measures clients of it. */
export interface Bench {
  readonly start: StartSubject;
  stop(): Promise<void>;
}

/** Compiles the programs, and starts the server. `profile` is a folder for CPU profiles. */
export async function startBench(profile?: string): Promise<Bench> {
  const folder = await compilePrograms('spec/bench', ['run-sample', 'server/bench-server']);
  const server = runChild(`${folder}/server/bench-server`);
  const { url } = await server.answer<{ readonly url: string }>();
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  return {
    start(task, flags = []) {
      const placed: PlacedTask = { ...task, url };
      const args = [JSON.stringify(placed)];
      const child = runChild(`${folder}/run-sample`, args, [...flags, ...profiling]);
      const ready = child.answer();
      // it is told where it is waited for
      ready.catch(() => {});
      const tell = async (order: Order) => {
        await ready;
        const answer = await child.ask<Sample | NoSample>({ order });
        if (isFailure(answer)) throw new Error(`${task.client}: ${answer.failure}`);
        return answer;
      };
      return {
        async warm() {
          await tell('warm');
        },
        slice: () => tell('slice'),
        end: () => tell('end'),
        // a profile is written when the process ends by itself
        stop: () => (profile === undefined ? child.stop() : child.leave()),
      };
    },
    stop: () => server.stop(),
  };
}

function isFailure(answer: Sample | NoSample): answer is NoSample {
  return 'failure' in answer;
}
