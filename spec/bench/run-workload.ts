import { median } from '../helpers/measure/statistics.js';
import { judge } from './judge.js';
import type { Outcome } from './outcome.js';
import type { Measure } from './start-bench.js';
import type { Sample } from './task.js';
import type { Round, Workload } from './workload.js';

/** Takes one sample of each variant, again and again, every other time in reverse order: what else the machine does meets all of them. */
export async function runWorkload(
  { name, variants, figures, mostRounds = Infinity, flags }: Workload,
  pairs: number,
  measure: Measure,
): Promise<Outcome> {
  const rounds: Round[] = [];
  const wanted = Math.min(pairs, mostRounds);
  while (rounds.length < wanted) {
    const order = Object.entries(variants);
    if (rounds.length % 2 === 1) order.reverse();
    const round: Record<string, Sample> = {};
    for (const [variant, task] of order) round[variant] = await measure(task, flags);
    rounds.push(round);
  }
  return {
    name,
    rounds: wanted,
    variants: Object.fromEntries(
      Object.keys(variants).map((variant) => [
        variant,
        medians(rounds.map((round) => round[variant]!)),
      ]),
    ),
    figures: judge(figures, rounds),
  };
}

function medians(samples: readonly Sample[]): Sample {
  const names = Object.keys(samples[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [name, median(samples.map((sample) => sample[name]!))]),
  );
}
