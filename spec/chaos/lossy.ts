import { setTimeout as sleep } from 'node:timers/promises';
import { startFeed } from './feed.js';
import { exactly, type Findings } from './figure.js';
import { loseRandomly } from './inject.js';
import type { ClientLine } from './log-line.js';
import { createNetwork } from './network.js';
import type { ClientConfig } from './programs.js';
import type { Scenario } from './scenario.js';
import { countConnections, crashesIn, errorsOf } from './seen.js';
import { startClients, type Clients } from './start-clients.js';

const perKind = 3;

/** With defaults all of them; the server on 4001 has heartbeats. */
const kinds: Readonly<Record<string, Omit<ClientConfig, 'name'>>> = {
  'graphql-transport-ws': { port: 4000, subprotocol: 'graphql-transport-ws' },
  'graphql-transport-ws with heartbeats': { port: 4001, subprotocol: 'graphql-transport-ws' },
  'legacy with ka': { port: 4001, subprotocol: 'graphql-ws' },
};

/** 20 % of the packets lost, in one direction and then in the other: with defaults no connection is given up that is alive. */
export const lossy: Scenario = async ({ lossSeconds, losses, tell }) => {
  const network = await createNetwork('lossy');
  await startFeed(network, { port: 4000, every: 500, keepAlive: false });
  await startFeed(network, { port: 4001, every: 500, keepAlive: 10_000 });
  const configs = Object.entries(kinds).flatMap(([kind, config]) =>
    Array.from({ length: perKind }, (_, index) => ({ ...config, name: `${kind} ${index}` })),
  );
  const clients = startClients(network, configs);
  await clients.receiving();
  const start = Date.now();
  for (const direction of losses) {
    await network.heal();
    await loseRandomly(network, 20, direction);
    tell(`20 % of the packets are lost for ${lossSeconds} s: ${direction}`);
    await sleep(lossSeconds * 1_000);
  }
  await network.heal();
  await sleep(1_000);
  clients.signal('SIGKILL');
  return judge(clients, start, losses);
};

function judge(clients: Clients, start: number, losses: readonly string[]): Findings {
  const dead = clients.names.filter(
    (name) => countConnections(clients.of(name)) !== 1 || errorsOf(clients.of(name)).length > 0,
  );
  const stalls = clients.names.map((name) => longestStall(clients.of(name), start));
  const longest = Math.max(...stalls);
  const hit = { figure: 'longest time without a value', measured: `${longest} ms` };
  return {
    figures: [
      exactly(`false deaths at 20 % loss (${losses.join(', ')})`, dead.length, 0),
      // Else nothing was lost.
      { ...hit, target: '> 700 ms', met: longest > 700 },
      exactly('crashes and unhandled rejections', crashesIn(clients.lines).length, 0),
    ],
    notes: [
      `${clients.names.length} clients; longest time without a value: ${stalls.join(', ')} ms`,
      ...dead.map((name) => `${name} died: ${errorsOf(clients.of(name)).join('; ')}`),
    ],
    details: { stalls, dead },
    evidence: clients.lines,
  };
}

function longestStall(lines: readonly ClientLine[], start: number): number {
  const times = lines.filter(({ type, at }) => type === 'value' && at >= start).map(({ at }) => at);
  return Math.max(...times.map((at, index) => at - (times[index - 1] ?? start)));
}
