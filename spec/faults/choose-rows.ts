import { catalogue, elsewhere } from './catalogue.js';
import { catalogueIds, type Row } from './row.js';
import { transient } from './rows/transient.js';
import { table } from './table.js';

/**
 * Rows by id, by number of the catalogue, or the transient ones; all of them without a name.
 *
 * @throws Error - there is no such row
 */
export function rowsOf(names: readonly string[]): readonly Row[] {
  const asked = new Set(names.flatMap(rowsBy));
  return table.filter((row) => names.length === 0 || asked.has(row));
}

function rowsBy(name: string): readonly Row[] {
  if (name === 'transient') return transient;
  const rows = table.filter((row) => [row.id, ...catalogueIds(row)].includes(name));
  if (rows.length > 0) return rows;
  const where = elsewhere[name];
  if (where !== undefined) throw new Error(`${name} has no row: ${where}`);
  const ids = table.map(({ id }) => id).join(', ');
  const numbers = catalogue.join(', ');
  throw new Error(
    `there is no row ${name}. The rows are ${ids}; the numbers of the catalogue, in spec/faults/catalogue.ts, ${numbers}`,
  );
}
