import { setTimeout as sleep } from 'node:timers/promises';
import { startFeed } from './feed.js';
import { atMost, exactly } from './figure.js';
import { dropAll } from './inject.js';
import type { ClientLine } from './log-line.js';
import { createNetwork } from './network.js';
import type { ClientConfig } from './programs.js';
import type { Scenario } from './scenario.js';
import { crashesIn, reached } from './seen.js';
import { startClients, type Clients } from './start-clients.js';

const transport = { port: 4000, subprotocol: 'graphql-transport-ws' } as const;
const legacy = { port: 4001, subprotocol: 'graphql-ws' } as const;

/** Clients of one kind, and the ms within which each must have noticed. */
const groups = [
  {
    group: 'defaults, graphql-transport-ws',
    within: 36_000,
    clients: several('defaults', 3, transport),
  },
  {
    group: 'defaults, legacy after three ka',
    within: 36_000,
    clients: several('legacy', 3, legacy),
  },
  {
    group: 'pingInterval 1000, pongTimeout 1000',
    within: 2_200,
    // Out of step by a 20th of the interval: whenever the black hole begins, it is right after the pong of one of them. They start
    // late: Node lets timers of one duration fall into step with each other.
    clients: several('quick', 20, {
      ...transport,
      options: { pingInterval: 1_000, pongTimeout: 1_000 },
      startAfter: 22_000,
    }),
  },
] as const;

/** How long a black hole goes unnoticed: from its start, which is right after a pong, to `waiting` in `status$`. */
export const noticed: Scenario = async ({ tell }) => {
  const network = await createNetwork('noticed');
  await startFeed(network, { port: 4000, every: 1_000, keepAlive: false });
  await startFeed(network, { port: 4001, every: 1_000, keepAlive: 10_000 });
  const all = groups.flatMap(({ clients }) => clients);
  const clients = startClients(network, all);

  await firstPong(clients, groups[0].clients.at(-1)!.name);
  const heartbeats = clients.of(groups[1].clients[0]!.name).filter(isHeartbeat).length;
  const start = Date.now();
  await dropAll(network);
  tell(`black hole: complete after ${Date.now() - start} ms`);
  await sleep(40_000);
  clients.signal('SIGKILL');

  const found = groups.map(({ group, within, clients: ofGroup }) => ({
    group,
    within,
    samples: ofGroup.map(({ name }) => reached(clients.of(name), start, 'waiting')),
  }));
  const enough = { figure: 'ka before the black hole', measured: heartbeats, target: '≥ 3' };
  return {
    figures: [
      ...found.map(({ group, within, samples }) =>
        atMost(`${group}: noticed after at most`, Math.max(...samples), within, ' ms'),
      ),
      { ...enough, met: heartbeats >= 3 },
      exactly('crashes and unhandled rejections', crashesIn(clients.lines).length, 0),
    ],
    notes: found.map(({ group, samples }) => `${group}: ${samples.join(', ')} ms`),
    details: { found },
    evidence: clients.lines,
  };
};

function several(kind: string, count: number, config: Omit<ClientConfig, 'name'>) {
  return Array.from({ length: count }, (_, index) => ({
    ...config,
    name: `${kind} ${index}`,
    // After a second the process has nothing else to do, and is on time.
    startAfter: (config.startAfter ?? 1_000) + index * 50,
  }));
}

/** The worst moment for the defaults: the last of them has just had its pong. By then there have been three `ka` as well. */
async function firstPong(clients: Clients, name: string): Promise<void> {
  const pong = await clients.until(
    (line) => line.client === name && line.type === 'event' && line.event === 'pong',
    60_000,
  );
  if (!pong) throw new Error('no pong within 60 s');
}

const isHeartbeat = (line: ClientLine) =>
  line.type === 'event' && line.event === 'received' && line.message === 'pong';
