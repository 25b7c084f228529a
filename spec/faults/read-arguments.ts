import { parseArgs } from 'node:util';
import { catalogue } from './catalogue.js';
import { elsewhere } from './elsewhere.js';
import { catalogueIds, type Row } from './row.js';
import { transient } from './rows/transient.js';
import { table } from './table.js';

/** What the command line asks for. */
export interface Arguments {
  readonly rows: readonly Row[];
  readonly clients: 'ours' | 'all';
}

/** @throws Error - an argument that is unknown or wrong */
export function readArguments(args: string[]): Arguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      clients: { type: 'string', default: 'ours' },
    },
  });
  const { clients } = values;
  if (clients !== 'ours' && clients !== 'all') throw new Error('--clients is ours or all');
  const asked = [...values.only, ...positionals].map((only) => new Set(rowsOf(only)));
  const isAsked = (row: Row) => asked.length === 0 || asked.some((rows) => rows.has(row));
  return { rows: table.filter(isAsked), clients };
}

function rowsOf(only: string): readonly Row[] {
  if (only === 'transient') return transient;
  const rows = table.filter((row) => [row.id, ...catalogueIds(row)].includes(only));
  if (rows.length > 0) return rows;
  const where = elsewhere[only];
  if (where !== undefined) throw new Error(`${only} has no row: ${where}`);
  const ids = table.map(({ id }) => id).join(', ');
  const numbers = catalogue.join(', ');
  throw new Error(
    `there is no row ${only}. The rows are ${ids}; the numbers of the catalogue, in spec/faults/catalogue.ts, ${numbers}`,
  );
}
