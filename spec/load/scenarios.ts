import type { Scenario } from './figure.js';

/** What there is, by name, in the order in which it runs. */
export const scenarios: Readonly<Record<string, () => Promise<Scenario>>> = {
  reconnects: async () => (await import('./scenarios/reconnects.js')).reconnects,
  cycles: async () => (await import('./scenarios/cycles.js')).cycles,
  operations: async () => (await import('./scenarios/operations.js')).operations,
  messages: async () => (await import('./scenarios/messages.js')).messages,
  subscriptions: async () => (await import('./scenarios/subscriptions.js')).subscriptions,
  'slow-consumer': async () => (await import('./scenarios/slow-consumer.js')).slowConsumer,
  storm: async () => (await import('./scenarios/storm.js')).storm,
  flapping: async () => (await import('./scenarios/flapping.js')).flapping,
  'quiet-day': async () => (await import('./scenarios/quiet-day.js')).quietDay,
  garbage: async () => (await import('./scenarios/garbage.js')).garbage,
};
