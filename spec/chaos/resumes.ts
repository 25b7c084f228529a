import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../helpers/measure/statistics.js';
import { startFeed } from './feed.js';
import { atMost, exactly } from './figure.js';
import { dropAll } from './inject.js';
import { createNetwork, type Network } from './network.js';
import { quick } from './programs.js';
import type { Scenario } from './scenario.js';
import { crashesIn, mostDials, reached, resumed } from './seen.js';
import { startClients, type Clients } from './start-clients.js';

const clientCount = 40;
const blackHole = 40_000;

/** How soon after a black hole has healed there are values again. The clients differ in their jitter: each is a sample. */
export const resumes: Scenario = async ({ repeat, tell }) => {
  const network = await createNetwork('resumes');
  await startFeed(network, { port: 4000, every: 50, keepAlive: false });
  const configs = Array.from({ length: clientCount }, (_, index) => ({
    name: `client ${index}`,
    port: 4000,
    subprotocol: 'graphql-transport-ws' as const,
    startAfter: index * 25,
    ...quick,
  }));
  const clients = startClients(network, configs);
  await clients.receiving();
  const samples: number[] = [];
  let unnoticed = 0;
  for (let hole = 1; hole <= repeat; hole += 1) {
    // Stable connections: the backoff begins anew.
    await sleep(6_000);
    tell(`black hole ${hole} of ${repeat}`);
    const found = await fallInto(network, clients);
    samples.push(...found.times);
    unnoticed += found.unnoticed;
  }
  clients.signal('SIGKILL');
  const dials = clients.names.map((name) => mostDials(clients.of(name)));
  const [p50, p95, most] = [0.5, 0.95, 1].map((p) => quantile(samples, p));
  return {
    figures: [
      atMost('values again after healing, p95', p95!, 3_000, ' ms'),
      atMost('dials of one client within any 10 s', Math.max(...dials), 13),
      // Else the figure would be of connections that were never lost.
      exactly('clients that did not notice the black hole', unnoticed, 0),
      exactly('crashes and unhandled rejections', crashesIn(clients.lines).length, 0),
    ],
    notes: [`${samples.length} samples: p50 ${p50}, p95 ${p95}, most ${most} ms`],
    details: { samples },
    evidence: clients.lines,
  };
};

async function fallInto(network: Network, clients: Clients) {
  const start = Date.now();
  await dropAll(network);
  await sleep(blackHole);
  const healed = Date.now();
  await network.heal();
  await sleep(12_000);
  const all = clients.names.map((name) => clients.of(name));
  return {
    times: all.map((lines) => resumed(lines, healed)),
    unnoticed: all.filter((lines) => reached(lines, start, 'waiting') > blackHole).length,
  };
}
