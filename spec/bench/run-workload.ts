import { median } from '../helpers/measure/statistics.js';
import { judge } from './judge.js';
import type { Outcome } from './outcome.js';
import type { StartSubject } from './start-bench.js';
import type { Sample } from './task.js';
import { takeRound } from './take-round.js';
import type { Round, Workload } from './workload.js';

/** Takes rounds, every other time beginning with the last variant. */
export async function runWorkload(
  workload: Workload,
  pairs: number,
  start: StartSubject,
  turns?: number,
): Promise<Outcome> {
  const { name, variants, figures, mostRounds = Infinity } = workload;
  const wanted = Math.min(pairs, mostRounds);
  const rounds: Round[] = [];
  while (rounds.length < wanted)
    rounds.push(await takeRound(workload, start, rounds.length % 2 === 1, turns));
  return {
    name,
    rounds: rounds.length,
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
