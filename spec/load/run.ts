import { parseArgs } from 'node:util';
import { compile } from './compile.js';
import { isGood, type Figure } from './figure.js';
import { runChild, unoptimised } from './run-child.js';
import { scenarios } from './scenarios.js';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  },
});
const names = values.only ?? Object.keys(scenarios);
const unknown = names.find((name) => !scenarios[name]);
if (unknown !== undefined)
  throw new Error(`no scenario "${unknown}"; there are ${Object.keys(scenarios).join(', ')}`);

const folder = await compile();
const rows: ({ readonly scenario: string } & Figure)[] = [];
for (const scenario of names) {
  const child = runChild(
    `${folder}/run-scenario`,
    [scenario, JSON.stringify({ short: values.short })],
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

if (values.json) console.log(JSON.stringify(rows, null, 2));
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
