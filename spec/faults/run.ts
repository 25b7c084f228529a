import { from, lastValueFrom, mergeMap, tap, toArray } from 'rxjs';
import { sum } from '../helpers/measure/statistics.js';
import { clientNames } from './clients/by-name.js';
import type { Row } from './row.js';
import { compileRow, runFault, type FaultResult } from './run-fault.js';
import { transient } from './rows/transient.js';

const ours = clientNames[0]!;

/** Plays rows with our client, or with all of them, and prints the table. Resolves with whether ours is as it should be. */
export async function runTable({
  rows,
  clients,
}: {
  readonly rows: readonly Row[];
  readonly clients: 'ours' | 'all';
}): Promise<boolean> {
  const compared = clients === 'all' ? clientNames : [ours];
  // the other clients meet the transient faults alone, because the rest is about our policy
  const jobs = rows.flatMap((row) =>
    compared
      .filter((name) => name === ours || transient.includes(row))
      .map((name) => ({ row, name })),
  );
  const began = performance.now();
  const program = await compileRow();
  const results = await lastValueFrom(
    from(jobs).pipe(
      mergeMap(({ row, name }) => runFault(program, row.id, name), 4),
      tap(({ row, client, lost, untidy }) => {
        const faults = client === ours ? [...lost, ...untidy] : lost;
        if (faults.length > 0) console.log(`${row}, ${client}:\n  ${faults.join('\n  ')}`);
      }),
      toArray(),
    ),
  );
  const wordOf = (row: Row, client: string) =>
    word(results.find((result) => result.row === row.id && result.client === client));
  console.table(
    Object.fromEntries(
      rows.map((row) => {
        const words = compared.map((client) => [client, wordOf(row, client)] as const);
        const { id, name: fault, expect } = row;
        return [id, { fault, expected: expect.kind, ...Object.fromEntries(words) }];
      }),
    ),
  );
  console.table(
    Object.fromEntries(
      compared.map((client) => [client, totals(results.filter((each) => each.client === client))]),
    ),
  );
  const red = results.filter((result) => result.client === ours && word(result) !== 'ok');
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  console.log(`${results.length} processes in ${seconds} s`);
  const ids = red.map(({ row }) => row).join(', ');
  console.log(red.length === 0 ? `all rows of ${ours} are as expected` : `red: ${ids}`);
  return red.length === 0;
}

function word(result: FaultResult | undefined): string {
  if (!result) return '';
  if (result.crashes > 0) return 'CRASHED';
  if (result.lost.length > 0) return 'lost';
  return result.untidy.length > 0 && result.client === ours ? 'untidy' : 'ok';
}

function totals(results: readonly FaultResult[]) {
  const isTransient = ({ row }: FaultResult) => transient.some(({ id }) => id === row);
  const survived = (of: readonly FaultResult[]) => {
    const those = of.filter((result) => ['ok', 'untidy'].includes(word(result)));
    return of.length === 0 ? '' : `${those.length}/${of.length}`;
  };
  return {
    'transient faults survived': survived(results.filter(isTransient)),
    'other rows as expected': survived(results.filter((result) => !isTransient(result))),
    'processes crashed': results.filter(({ crashes }) => crashes > 0).length,
    'unhandled rejections': sum(results.map(({ unhandled }) => unhandled)),
  };
}
