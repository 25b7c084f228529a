import { runChild } from '../helpers/measure/run-child.js';
import type { NoSample, PlacedTask, Sample, Task } from './task.js';

/** Takes a sample of a task in a process of its own. */
export type Measure = (task: Task, flags?: readonly string[]) => Promise<Sample>;

/** A server that is up, and what measures clients of it. */
export interface Bench {
  readonly measure: Measure;
  stop(): Promise<void>;
}

/** Starts the server, of the compiled programs in a folder. `profile` is a folder for CPU profiles. */
export async function startBench(folder: string, profile?: string): Promise<Bench> {
  const server = runChild(`${folder}/server/bench-server`);
  const { url } = await server.answer<{ readonly url: string }>();
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  return {
    async measure(task, flags = []) {
      const placed: PlacedTask = { ...task, url };
      const args = [JSON.stringify(placed)];
      const child = runChild(`${folder}/run-sample`, args, [...flags, ...profiling]);
      try {
        const sample = await child.answer<Sample | NoSample>();
        if (isFailure(sample)) throw new Error(`${task.client}: ${sample.failure}`);
        // a profile is written when the process ends
        if (profile !== undefined) await child.ended;
        return sample;
      } finally {
        await child.stop();
      }
    },
    stop: () => server.stop(),
  };
}

function isFailure(sample: Sample | NoSample): sample is NoSample {
  return 'failure' in sample;
}
