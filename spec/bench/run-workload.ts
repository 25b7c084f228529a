import { median } from '../helpers/measure/statistics.js';
import { type Figure, judge, type Outcome } from './verdict.js';
import type { StartSubject } from './start-bench.js';
import type { Sample, Task } from './task.js';
import type { Readings, Round, Workload } from './workload.js';
import { isSliced } from './samples/samples.js';

type Variant = readonly [name: string, task: Task];

/** How often the variants of a round take turns. */
const turnsOfRound = 10;

/** Measures each variant in a new process: how well it is optimised differs from process to process. `reversed` begins with the last. */
async function takeRound(
  { variants, flags }: Pick<Workload, 'variants' | 'flags'>,
  start: StartSubject,
  reversed = false,
  turns = turnsOfRound,
): Promise<Round> {
  const order = Object.entries(variants);
  if (reversed) order.reverse();
  const starting: StartSubject = (task) => start(task, flags);
  if (order.every(([, { sample }]) => isSliced(sample))) return inTurn(order, starting, turns);
  let all: Readings = {};
  for (const variant of order) all = { ...all, ...(await inTurn([variant], starting, 1)).all };
  return { all, turns: [] };
}

/** A B C C B A A B C …: a slow moment of the machine meets all variants alike. */
async function inTurn(
  variants: readonly Variant[],
  start: StartSubject,
  turns: number,
): Promise<Round> {
  const subjects = variants.map(([name, task]) => ({ name, subject: start(task) }));
  const all: Record<string, Sample> = {};
  const taken: Record<string, Sample>[] = [];
  try {
    for (const { subject } of subjects) await subject.warm();
    while (taken.length < turns) {
      const turn: Record<string, Sample> = {};
      for (const { name, subject } of subjects) turn[name] = await subject.slice();
      taken.push(turn);
      subjects.reverse();
    }
    for (const { name, subject } of subjects) all[name] = await subject.end();
  } finally {
    await Promise.all(subjects.map(({ subject }) => subject.stop()));
  }
  return { all, turns: taken };
}

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
        medians(rounds.map(({ all }) => all[variant]!)),
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
