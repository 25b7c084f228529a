import { isSliced } from './samples/samples.js';
import type { StartSubject } from './start-bench.js';
import type { Sample, Task } from './task.js';
import type { Round, Workload } from './workload.js';

type Variant = readonly [name: string, task: Task];

/** How often the variants of a round take turns. */
const turnsOfRound = 6;

/** Measures each variant in a new process: how well it is optimised differs from process to process. `reversed` begins with the last. */
export async function takeRound(
  { variants, flags }: Pick<Workload, 'variants' | 'flags'>,
  start: StartSubject,
  reversed = false,
  turns = turnsOfRound,
): Promise<Round> {
  const order = Object.entries(variants);
  if (reversed) order.reverse();
  const starting: StartSubject = (task) => start(task, flags);
  if (order.every(([, { sample }]) => isSliced(sample))) return inTurn(order, starting, turns);
  let round: Round = {};
  for (const variant of order) round = { ...round, ...(await inTurn([variant], starting, 1)) };
  return round;
}

/** A B C C B A A B C …: a slow moment of the machine meets all variants alike. */
async function inTurn(
  variants: readonly Variant[],
  start: StartSubject,
  turns: number,
): Promise<Round> {
  const subjects = variants.map(([name, task]) => ({ name, subject: start(task) }));
  const round: Record<string, Sample> = {};
  try {
    for (const { subject } of subjects) await subject.warm();
    for (let turn = 0; turn < turns; turn += 1) {
      for (const { subject } of subjects) await subject.slice();
      subjects.reverse();
    }
    for (const { name, subject } of subjects) round[name] = await subject.end();
  } finally {
    await Promise.all(subjects.map(({ subject }) => subject.stop()));
  }
  return round;
}
