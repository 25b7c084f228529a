import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from 'rx-graphql-ws/testing/server';
import { startFeed, type Feed } from './feed.js';
import { atMost, exactly, type Findings } from './figure.js';
import type { ClientLine } from './log-line.js';
import { createNetwork, type Network } from './network.js';
import type { ClientConfig } from './programs.js';
import type { Scenario } from './scenario.js';
import { countConnections, crashesIn, errorsOf, resumed } from './seen.js';
import { startClients, type Clients } from './start-clients.js';

/** Ways of watching. */
const kinds: Readonly<Record<string, Omit<ClientConfig, 'name' | 'port'>>> = {
  defaults: { subprotocol: 'graphql-transport-ws' },
  'legacy, learnt': { subprotocol: 'graphql-ws' },
  'keepAliveTimeout 5000': {
    subprotocol: 'graphql-transport-ws',
    options: { keepAliveTimeout: 5_000 },
  },
  'pings each second': {
    subprotocol: 'graphql-transport-ws',
    options: { pingInterval: 1_000, pongTimeout: 1_000 },
  },
};

/** On a server that is healthy all the time, and on one that is restarted meanwhile. */
const clientsOf = (port: number) =>
  Object.entries(kinds).map(([kind, config]) => ({ ...config, port, name: `${kind} :${port}` }));
const [healthy, restarted] = [clientsOf(4000), clientsOf(4001)];

const impatient = 'pings each second :4000';

/** ms after the wake: within them there is one probe at the most, and one dial. */
const probing = 900;
const dialling = 3_000;

/** The process of the clients sleeps for 20 to 40 s. Frames that were queued meanwhile prove that the server lives. */
export const frozen: Scenario = async ({ seed, repeat, tell }) => {
  const random = seededRandom(seed);
  const found: Findings[] = [];
  for (let time = 1; time <= repeat; time += 1) {
    const lasts = Math.round(20_000 + random() * 20_000);
    tell(`asleep for ${lasts} ms`);
    found.push(await freeze(`frozen${time}`, lasts));
  }
  return {
    figures: found.flatMap(({ figures }) => figures),
    notes: found.flatMap(({ notes }) => notes),
    details: {},
    evidence: found.map(({ evidence }) => evidence),
  };
};

async function freeze(label: string, lasts: number): Promise<Findings> {
  const network = await createNetwork(label);
  // Heartbeats each 2 s: three of them are soon learnt from.
  await startFeed(network, { port: 4000, every: 100, keepAlive: 2_000 });
  const mortal = await startFeed(network, { port: 4001, every: 100, keepAlive: 2_000 }, true);
  const clients = startClients(network, [...healthy, ...restarted]);
  await clients.receiving();
  await sleep(7_000);
  const woken = await sleepThrough(lasts, { network, clients, mortal });
  await sleep(12_000);
  clients.signal('SIGKILL');

  const dead = healthy.filter(
    ({ name }) => countConnections(clients.of(name)) !== 1 || errorsOf(clients.of(name)).length > 0,
  );
  const back = restarted.filter(
    ({ name }) =>
      countConnections(clients.of(name)) === 2 && resumed(clients.of(name), woken) < 12_000,
  );
  const dials = restarted.map(({ name }) => count(clients.of(name), isDial, woken, dialling));
  const probes = clients.names.map((name) => count(clients.of(name), isPing, woken, probing));
  const after = `asleep for ${lasts} ms`;
  return {
    figures: [
      exactly(`${after}: false deaths`, dead.length, 0),
      exactly(`${after}, server restarted: back at once`, back.length, restarted.length),
      exactly(`${after}, server restarted: most dials upon waking`, Math.max(...dials), 1),
      atMost(`${after}: most probes upon waking`, Math.max(...probes), 1),
      exactly('crashes and unhandled rejections', crashesIn(clients.lines).length, 0),
    ],
    notes: dead.map(({ name }) => `${name} died: ${errorsOf(clients.of(name)).join('; ')}`),
    details: {},
    evidence: clients.lines,
  };
}

/**
 * Puts the clients to sleep at the worst moment, when one of them waits for a pong: it arrives while they sleep, and lies there, long overdue
 * when they wake. Returns when they were woken.
 */
async function sleepThrough(
  lasts: number,
  { network, clients, mortal }: { network: Network; clients: Clients; mortal: Feed },
): Promise<number> {
  await network.arriving('client', 'drop');
  const dropped = Date.now();
  const pinged = await clients.until(
    (line) => line.client === impatient && isPing(line) && line.at > dropped + 20,
    5_000,
  );
  clients.signal('SIGSTOP');
  await network.heal();
  if (!pinged) throw new Error('no ping within 5 s');
  await sleep(lasts / 2);
  mortal.kill();
  await sleep(500);
  await mortal.restart();
  await sleep(lasts / 2 - 500);
  clients.signal('SIGCONT');
  return Date.now();
}

const isDial = (line: ClientLine) => line.type === 'dial';
const isPing = (line: ClientLine) =>
  line.type === 'event' && line.event === 'sent' && line.message === 'ping';

function count(
  lines: readonly ClientLine[],
  is: (line: ClientLine) => boolean,
  since: number,
  ms: number,
): number {
  return lines.filter((line) => is(line) && line.at >= since && line.at < since + ms).length;
}
