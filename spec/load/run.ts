import { compilePrograms } from '../helpers/measure/compile-programs.js';
import { runChild, unoptimised } from '../helpers/measure/run-child.js';
import { isGood, none, type Figure } from './figure.js';

/** Resolves with the folder of the programs. */
export async function compile(): Promise<string> {
  const programs = ['scenario', 'operations', 'storm'].map((name) => `load/${name}.program`);
  return `${await compilePrograms('spec', [...programs, 'bench/server/bench-server'])}/load`;
}

/** The figures of a scenario, which a process of its own measures. */
export async function measure(
  folder: string,
  scenario: string,
  short: boolean,
): Promise<readonly Figure[]> {
  const args = [scenario, short ? 'short' : 'long'];
  const child = runChild(`${folder}/scenario.program`, args, unoptimised);
  try {
    return await child.answer<readonly Figure[]>();
  } finally {
    await child.stop();
  }
}

/** Measures scenarios, and prints their figures. Resolves with whether all are within their limits. */
export async function runLoad({
  names,
  short,
  json,
}: {
  readonly names: readonly string[];
  readonly short: boolean;
  readonly json: boolean;
}): Promise<boolean> {
  const folder = await compile();
  const rows: ({ readonly scenario: string } & Figure)[] = [];
  for (const scenario of names) {
    const figures = await measure(folder, scenario, short).catch((error: unknown) => {
      // the others go on; this one counts as failed
      console.error(error);
      return [none('did not end', NaN)];
    });
    rows.push(...figures.map((figure) => ({ scenario, ...figure })));
  }
  if (json) console.log(JSON.stringify(rows, null, 2));
  else
    console.table(
      rows.map(({ scenario, what, value, unit, limit }) => ({
        scenario,
        what,
        // a seed must be there to the last digit
        value: Number.isInteger(value) ? value : Number(value.toPrecision(4)),
        unit,
        limit: limit ?? '',
        good: limit === undefined ? '' : isGood({ what, value, unit, limit }),
      })),
    );
  return rows.every(isGood);
}
