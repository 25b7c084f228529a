import type { Account } from './account.js';
import type { Balance } from './balance.js';
import type { ClientLine } from './log-line.js';
import type { Fault } from './schedule.js';
import { countConnections } from './seen.js';

/** What became of one client. */
interface ClientAccount {
  readonly name: string;
  readonly lines: readonly ClientLine[];
  readonly result: Account;
}

/** A storm in some lines. */
export function summarise(
  faults: readonly Fault[],
  accounts: readonly ClientAccount[],
  { subscribed, completed, closed, killed }: Balance,
): readonly string[] {
  const kinds = [...new Set(faults.map(({ kind }) => kind))].sort();
  const counts = kinds.map((kind) => `${kind} ${faults.filter((f) => f.kind === kind).length}`);
  const clients = accounts.map(({ name, lines, result: { values, lost } }) => {
    const rows = lost.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    const way = Math.max(0, ...lost.map(({ onTheWay }) => onTheWay));
    return `${name}: ${values} values on ${countConnections(lines)} connections; ${rows} rows lost in ${lost.length} ranges, which end ${way} ms at most after the subscription was sent again`;
  });
  const outside = accounts.flatMap(({ name, result: { lost } }) =>
    lost.flatMap(({ from, to, outside }) =>
      outside ? [`${name}: lost ${from}–${to}: ${outside}`] : [],
    ),
  );
  return [
    `${faults.length} faults: ${counts.join(', ')}`,
    ...clients,
    ...outside.slice(0, 10),
    `server: ${subscribed} subscriptions = ${completed} completed + ${closed} closed + ${killed} killed with it`,
  ];
}
