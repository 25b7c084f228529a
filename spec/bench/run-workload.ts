import { median } from '../helpers/measure/statistics.js';
import { judge } from './verdict.js';
import type { Figure, Outcome } from './outcome.js';
import type { StartSubject } from './start-bench.js';
import type { Sample } from './task.js';
import { takeRound } from './take-round.js';
import type { Round, Workload } from './workload.js';

/** How many rounds there are before the figures are looked at, and between two looks. */
export const roundsOfLook = 10;
/** After so many looks, what is undecided stays so. */
const mostLooks = 3;

/** Takes rounds, looks at the figures of all of them, and goes on while one with a target is undecided. */
export async function runWorkload(
  workload: Workload,
  pairs: number,
  start: StartSubject,
  turns?: number,
): Promise<Outcome> {
  const { name, variants, figures: specs, mostRounds = Infinity } = workload;
  const ofLook = Math.min(pairs, mostRounds);
  const rounds: Round[] = [];
  let figures: readonly Figure[] = [];
  for (let look = 1; look <= mostLooks; look += 1) {
    while (rounds.length < look * ofLook)
      rounds.push(await takeRound(workload, start, rounds.length % 2 === 1, turns));
    figures = judge(specs, rounds);
    if (!figures.some(({ verdict }) => verdict === 'undecided')) break;
  }
  return {
    name,
    rounds: rounds.length,
    variants: Object.fromEntries(
      Object.keys(variants).map((variant) => [
        variant,
        medians(rounds.map((round) => round[variant]!)),
      ]),
    ),
    figures,
  };
}

function medians(samples: readonly Sample[]): Sample {
  const names = Object.keys(samples[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [name, median(samples.map((sample) => sample[name]!))]),
  );
}
