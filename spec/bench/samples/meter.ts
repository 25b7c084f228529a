import { performance } from 'node:perf_hooks';
import { sum } from '../../helpers/measure/statistics.js';

/** What a stretch of time took. */
export interface Reading {
  /** ms by the clock. */
  readonly ms: number;
  /** µs of the processor, in this process. */
  readonly cpu: number;
  /** The part of the time that the event loop did not wait: 1 where this process was what limited the rate. */
  readonly busy: number;
}

/** Sums up stretches that were measured one after another. */
export function total(readings: readonly Reading[]): Reading {
  const ms = sum(readings.map((one) => one.ms));
  const cpu = sum(readings.map((one) => one.cpu));
  return { ms, cpu, busy: sum(readings.map((one) => one.busy * one.ms)) / ms };
}

/** MiB that this process holds, code and garbage included. */
export const residentSet = (): number => process.memoryUsage.rss() / 2 ** 20;

/** Begins to measure this process; what it returns tells what has gone since. */
export function startMeter(): () => Reading {
  const cpu = process.cpuUsage();
  const loop = performance.eventLoopUtilization();
  const at = performance.now();
  return () => {
    const ms = performance.now() - at;
    const { user, system } = process.cpuUsage(cpu);
    return { ms, cpu: user + system, busy: performance.eventLoopUtilization(loop).utilization };
  };
}
