import type { TakeSample } from '../task.js';

/** What a process can measure. */
export const samples = {
  throughput: async (): Promise<TakeSample> => (await import('./throughput.js')).throughput,
  'many-operations': async (): Promise<TakeSample> =>
    (await import('./many-operations.js')).manyOperations,
  mutations: async (): Promise<TakeSample> => (await import('./mutations.js')).mutations,
  'first-result': async (): Promise<TakeSample> => (await import('./first-result.js')).firstResult,
  restore: async (): Promise<TakeSample> => (await import('./restore.js')).restore,
  'heap-per-operation': async (): Promise<TakeSample> =>
    (await import('./heap-per-operation.js')).heapPerOperation,
  paced: async (): Promise<TakeSample> => (await import('./paced.js')).paced,
  quiet: async (): Promise<TakeSample> => (await import('./paced.js')).quiet,
  latency: async (): Promise<TakeSample> => (await import('./latency.js')).latency,
  'event-loop': async (): Promise<TakeSample> => (await import('./event-loop.js')).eventLoop,
  'many-sockets': async (): Promise<TakeSample> => (await import('./many-sockets.js')).manySockets,
  'slow-consumer': async (): Promise<TakeSample> =>
    (await import('./slow-consumer.js')).slowConsumer,
  'shared-operation': async (): Promise<TakeSample> =>
    (await import('./shared-operation.js')).sharedOperation,
} as const;

export type SampleName = keyof typeof samples;
