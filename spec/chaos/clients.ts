// A process of the rig: clients of the feed that tell all they see.
import { createInterface } from 'node:readline';
import { lastValueFrom } from 'rxjs';
import type { ClientsConfig } from './programs.js';
import { runClient } from './run-client.js';
import { clientLog } from './say.js';

const { clients, sabotage } = JSON.parse(process.argv[2]!) as ClientsConfig;

const crashed = (error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  clientLog('process')({ type: 'crash', error: text });
};
process.on('uncaughtException', crashed);
process.on('unhandledRejection', crashed);

const sockets = clients.map((client) => runClient(client, clientLog(client.name), sabotage));
const commands = createInterface({ input: process.stdin });
commands.once('close', () => process.exit());
commands.once('line', () => {
  const closed = sockets.map((socket) => {
    socket.close();
    return lastValueFrom(socket.status$);
  });
  void Promise.all(closed).then(() => process.exit());
});
