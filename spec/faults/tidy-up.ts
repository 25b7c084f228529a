import { inspect } from 'node:util';
import { holds, openConnections } from './holds.js';
import type { Row } from './row.js';
import type { Stage } from './stage.js';

/** Is in what the client sends, and may be nowhere else. */
export const secret = 'hunter2';

/** Words of the user's documents and of the server's garbage, and what is not printable ASCII. */
const foreign = new RegExp(`${secret}|Victim|Neighbour|nonsense|__proto__|too late|[^ -~]`);

/** Closes the client and the server. Returns what was not as it should be. */
export async function tidyUp(row: Row, stage: Stage): Promise<readonly string[]> {
  const { server, client, reports } = stage;
  const { ledger } = server;
  server.resume();
  // some clients wait for the end of a dial that never ends
  await Promise.race([client.close(), stage.pause(1_000)]);
  const closed = await holds(() => ledger.sockets.length === 0 && openConnections() === 0, 1_000);
  const open = `${ledger.sockets.length} sockets, ${openConnections()} ends of connections`;
  const ours = row.echoed
    ? []
    : ledger.closed.filter(
        ({ connection }) =>
          !ledger.entries.some(
            (entry) => entry.type === 'closing' && entry.connection === connection,
          ),
      );
  const untidy = [
    ...(closed ? [] : [`open 1 s after close(): ${open}`]),
    ...ours
      .filter(({ reason }) => foreign.test(reason) || reason.length > 123)
      .map(({ code, reason }) => `closed with ${code} ${JSON.stringify(reason)}`),
    ...[stage.victim, stage.neighbour]
      .flatMap(({ ends }) => ends)
      .filter((end) => inspect(end, { depth: 5 }).includes(secret))
      .map((end) => `a secret in ${String(end)}`),
    ...(reports.length === (row.reports ?? 0) ? [] : [`reports: ${inspect(reports)}`]),
  ];
  await server.stop();
  return untidy;
}
