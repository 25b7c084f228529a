// A process of the rig: a feed whose rows need no memory, so that they survive kill -9. It listens when it is told to.
import { createInterface } from 'node:readline';
import { graphqlTestServer, type LedgerEntry } from 'rx-graphql-ws/testing/server';
import type { ServerLine } from './log-line.js';
import type { FeedServerConfig } from './programs.js';
import { say } from './say.js';

const { port, start, every, keepAlive } = JSON.parse(process.argv[2]!) as FeedServerConfig;

const log: (line: ServerLine) => void = say;

const lineOf = (entry: LedgerEntry): ServerLine | undefined => {
  if (entry.type === 'started') {
    const { at, connection, id, request } = entry;
    return { at, type: 'started', connection, id, client: String(request.variables.client) };
  }
  if (entry.type === 'ended') {
    const { at, connection, id } = entry;
    return { at, type: 'ended', connection, id };
  }
  if (entry.type !== 'received') return undefined;
  const { at, connection, message } = entry;
  if (message?.type !== 'complete' && message?.type !== 'stop') return undefined;
  return { at, type: 'stopped', connection, id: String(message.id) };
};

const commands = createInterface({ input: process.stdin });
commands.once('line', () => {
  void graphqlTestServer({
    host: '0.0.0.0',
    port,
    feed: { start, every, replay: true },
    keepAlive,
    ledger: { history: false },
  }).then((server) => {
    server.ledger.entries$.subscribe((entry) => {
      const line = lineOf(entry);
      if (line) log(line);
    });
    log({ at: Date.now(), type: 'listening' });
  });
});
// Whoever started it has gone.
commands.once('close', () => process.exit());
