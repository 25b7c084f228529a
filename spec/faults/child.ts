// One row in a process of its own: node --import tsx spec/faults/child.ts <row id> <client>
import { writeSync } from 'node:fs';
import { clientByName } from './clients/by-name.js';
import { playRow } from './play-row.js';
import { rowById } from './table.js';
import type { ChildLine } from './verdict.js';

// at once: nothing that is buffered outlives a crash
const tell = (line: ChildLine) => writeSync(1, `${JSON.stringify(line)}\n`);

process.on('uncaughtExceptionMonitor', (error) =>
  tell({ type: 'uncaught', message: String(error) }),
);
process.on('unhandledRejection', (reason) => tell({ type: 'unhandled', message: String(reason) }));

const [id = '', client = ''] = process.argv.slice(2);
tell({ type: 'verdict', ...(await playRow(rowById(id), await clientByName(client))) });
// asked for by name: on a busy machine a process that has nothing left may take its time to end, too
setTimeout(() => {
  const resources = process.getActiveResourcesInfo().filter((kind) => !/Pipe|TTY/.test(kind));
  if (resources.length > 0) tell({ type: 'open', resources });
}, 1_000).unref();
