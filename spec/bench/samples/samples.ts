import type { Sample, TakeSample, WarmUp } from '../task.js';

/** Samples that a process takes in slices, while those that are compared with it are idle. */
const sliced = {
  throughput: async () => (await import('./throughput.js')).throughput,
  mutations: async () => (await import('./mutations.js')).mutations,
  'first-result': async () => (await import('./first-result.js')).firstResult,
  'many-sockets': async () => (await import('./many-sockets.js')).manySockets,
} satisfies Record<string, () => Promise<WarmUp>>;

/** Samples that a process takes once, and at a stretch. */
const whole = {
  'many-operations': async () => (await import('./many-operations.js')).manyOperations,
  restore: async () => (await import('./restore.js')).restore,
  'heap-per-operation': async () => (await import('./heap-per-operation.js')).heapPerOperation,
  paced: async () => (await import('./paced.js')).paced,
  quiet: async () => (await import('./paced.js')).quiet,
  latency: async () => (await import('./paced.js')).latency,
  'event-loop': async () => (await import('./paced.js')).eventLoop,
  'slow-consumer': async () => (await import('./slow-consumer.js')).slowConsumer,
  'shared-operation': async () => (await import('./shared-operation.js')).sharedOperation,
} satisfies Record<string, () => Promise<TakeSample>>;

type SlicedName = keyof typeof sliced;
export type SampleName = SlicedName | keyof typeof whole;

export function isSliced(name: SampleName): name is SlicedName {
  return name in sliced;
}

/** Loads a sample, and no other. One that is taken at a stretch has a single slice, and no warm-up before it. */
export async function loadSample(name: SampleName): Promise<WarmUp> {
  if (isSliced(name)) return sliced[name]();
  const take = await whole[name]();
  return (task) => {
    let sample: Sample = {};
    const slice = async () => (sample = await take(task));
    return Promise.resolve({ slice, end: () => sample });
  };
}
