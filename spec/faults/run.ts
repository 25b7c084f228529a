import { from, lastValueFrom, mergeMap, tap, toArray } from 'rxjs';
import { readCommandLine } from '../helpers/read-command-line.js';
import { clientNames, type ClientName } from './clients/by-name.js';
import { compileChild } from './compile-child.js';
import { readArguments } from './read-arguments.js';
import { runFault, type FaultResult } from './run-fault.js';
import { transient } from './rows/transient.js';

const usage = 'usage: npm run faults -- [--only] [<id>|transient] … [--clients ours|all]';
const { rows, clients } = readCommandLine(usage, readArguments);
const ours = clientNames[0]!;

/** The other clients meet the transient faults alone: the rest is about our policy. */
const jobs = rows.flatMap((row) =>
  clientNames
    .filter((name) => name === ours || (clients === 'all' && transient.includes(row)))
    .map((name) => ({ row, name })),
);
const began = performance.now();
const program = await compileChild();
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

const resultOf = (row: string, client: ClientName) =>
  results.find((result) => result.row === row && result.client === client);
const word = (result: FaultResult | undefined) => {
  if (!result) return '';
  if (result.crashes > 0) return 'CRASHED';
  if (result.lost.length > 0) return 'lost';
  return result.untidy.length > 0 && result.client === ours ? 'untidy' : 'ok';
};
const compared = clients === 'all' ? clientNames : [ours];
console.table(
  Object.fromEntries(
    rows.map(({ id, name, expect }) => [
      id,
      {
        fault: name,
        expected: expect.kind,
        ...Object.fromEntries(compared.map((client) => [client, word(resultOf(id, client))])),
      },
    ]),
  ),
);

const isTransient = ({ row }: FaultResult) => transient.some(({ id }) => id === row);
const total = (of: readonly FaultResult[]) => {
  const survived = of.filter((result) => ['ok', 'untidy'].includes(word(result))).length;
  return of.length === 0 ? '' : `${survived}/${of.length}`;
};
const sum = (of: readonly FaultResult[], what: 'crashes' | 'unhandled') =>
  of.reduce((counted, result) => counted + result[what], 0);
console.table(
  Object.fromEntries(
    compared.map((client) => {
      const all = results.filter((result) => result.client === client);
      return [
        client,
        {
          'transient faults survived': total(all.filter(isTransient)),
          'other rows as expected': total(all.filter((result) => !isTransient(result))),
          'processes crashed': all.filter(({ crashes }) => crashes > 0).length,
          'unhandled rejections': sum(all, 'unhandled'),
        },
      ];
    }),
  ),
);
const red = results.filter((result) => result.client === ours && word(result) !== 'ok');
console.log(`${results.length} processes in ${((performance.now() - began) / 1_000).toFixed(0)} s`);
console.log(
  red.length === 0
    ? `all rows of ${ours} are as expected`
    : `red: ${red.map(({ row }) => row).join(', ')}`,
);
process.exitCode = red.length === 0 ? 0 : 1;
