import { parseArgs } from 'node:util';
import { readCommandLine } from '../helpers/read-command-line.js';
import { compile } from './compile.js';
import { isGood, type Figure } from './figure.js';
import { runChild, unoptimised } from '../helpers/measure/run-child.js';
import { scenarios } from './scenarios.js';

const usage = 'usage: npm run load -- [--only] [<scenario>] … [--short] [--json]';
const { names, short, json } = readCommandLine(usage, (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    },
  });
  const all = Object.keys(scenarios);
  const asked = [...values.only, ...positionals];
  const unknown = asked.find((name) => !all.includes(name));
  if (unknown !== undefined)
    throw new Error(`there is no scenario ${unknown}. There are ${all.join(', ')}`);
  return { ...values, names: asked.length > 0 ? new Set(asked) : all };
});

const folder = await compile();
const rows: ({ readonly scenario: string } & Figure)[] = [];
for (const scenario of names) {
  const child = runChild(
    `${folder}/run-scenario`,
    [scenario, JSON.stringify({ short })],
    unoptimised,
  );
  try {
    const figures = await child.answer<readonly Figure[]>();
    rows.push(...figures.map((figure) => ({ scenario, ...figure })));
  } catch (error) {
    // the others go on; this one counts as failed
    console.error(error);
    rows.push({ scenario, what: 'did not end', value: NaN, unit: '', limit: 0 });
  } finally {
    await child.stop();
  }
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
if (!rows.every(isGood)) process.exitCode = 1;
