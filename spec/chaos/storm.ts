import { setTimeout as sleep } from 'node:timers/promises';
import { account, type Account } from './account.js';
import { type Feed, startFeed } from './feed.js';
import { atMost, exactly, type Figure } from './figure.js';
import { inject } from './inject.js';
import type { ClientLine } from './log-line.js';
import { createNetwork } from './network.js';
import { type ClientConfig, quick } from './programs.js';
import type { Request, Scenario } from './scenario.js';
import { type Fault, scheduleFaults } from './schedule.js';
import { countConnections, crashesIn, mostDials, resumed } from './seen.js';
import { type Balance, settleBooks } from './balance.js';
import { recoveredFigures, tellRecovered } from './recovered.js';
import { type Clients, startClients } from './start-clients.js';
import type { Program } from './start-program.js';

/** What became of one client. */
interface ClientAccount {
  readonly name: string;
  readonly lines: readonly ClientLine[];
  readonly result: Account;
}

/** A storm in some lines. */
function summarise(
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

/** ms after the last fault within which a quick client must be back. */
const recovery = 8_000;

/**
 * Faults of all kinds, one after the other, upon plain subscriptions, one tuned to notice quickly, one with defaults, and upon those that
 * recover what they miss.
 */
export const storm: Scenario = async (request) => {
  const { seed, seconds, kinds, sabotage, legacy } = request;
  const faults = scheduleFaults(seed, seconds * 1_000, kinds);
  const network = await createNetwork('storm');
  const feed = await startFeed(network, { port: 4000, every: 10, keepAlive: 1_000 }, true);
  const subprotocol = legacy ? 'graphql-ws' : 'graphql-transport-ws';
  const configs: readonly ClientConfig[] = [
    { name: 'quick', port: 4000, subprotocol, ...quick },
    { name: 'defaults', port: 4000, subprotocol },
  ];
  const recovering = (['resume', 'backfill', 'marks'] as const).map((way): ClientConfig => ({
    ...{ name: way, recovery: way, port: 4000, subprotocol },
    ...quick,
  }));
  const clients = startClients(network, [...configs, ...recovering], sabotage);
  await clients.receiving();

  await play(faults, request, (fault) => inject({ network, feed, clients }, fault));
  const healed = Date.now();
  await sleep(recovery);
  const goal = Math.floor((healed - feed.start) / feed.every);
  for (const { name } of recovering) await reaches(clients, name, goal);
  const early = clients.lines.filter(({ type }) => type === 'ended').length;
  const crashes = [...crashesIn(clients.lines), ...(await end(clients))];
  const books = await settleBooks(feed, clients.lines);
  const accounts = configs.map(({ name }) => {
    const lines = clients.of(name);
    return { name, lines, result: account(lines, clockOf(feed, name)) };
  });
  const quickLines = clients.of('quick');
  const recovered = recovering.map((config) => ({ config, lines: clients.of(config.name) }));
  return {
    figures: [
      ...accounts.flatMap(({ name, lines, result }) => figuresOf(name, lines, result)),
      atMost(
        'quick: values again after the last fault',
        resumed(quickLines, healed),
        recovery,
        ' ms',
      ),
      ...recovered.flatMap(({ config, lines }) => recoveredFigures(config, lines, goal)),
      ...(faults.some(({ kind }) => kind === 'kill')
        ? [wasHit('quick', quickLines), ...recovered.map((r) => wasHit(r.config.name, r.lines))]
        : []),
      exactly('streams that ended', early, 0),
      exactly('subscriptions orphaned on the server', books.orphaned, 0),
      exactly('subscriptions sent twice', books.double.length, 0),
      exactly('crashes and unhandled rejections', crashes.length, 0),
    ],
    notes: [
      ...summarise(faults, accounts, books),
      ...recovered.map(({ config, lines }) => tellRecovered(config.name, lines)),
      ...crashes,
    ],
    details: {
      subprotocol,
      faults,
      books,
      accounts: accounts.map(({ name, result }) => ({ name, ...result })),
    },
    evidence: { clients: clients.lines, servers: feed.ledgers() },
  };
};

async function play(
  faults: readonly Fault[],
  { tell }: Request,
  act: (fault: Fault) => Promise<void>,
): Promise<void> {
  const start = Date.now();
  for (const fault of faults) {
    await sleep(Math.max(0, start + fault.at - Date.now()));
    tell(`${((Date.now() - start) / 1_000).toFixed(1)} s: ${fault.kind} for ${fault.lasts} ms`);
    await act(fault);
  }
}

/** Waits for a row, which a client that recovers must get in the end. */
async function reaches(clients: Clients, name: string, goal: number): Promise<void> {
  const isThere = (line: ClientLine) =>
    line.type === 'value' && line.client === name && line.number >= goal;
  await clients.until(isThere, 20_000);
}

/** Lets the clients close, and tells what is wrong with their end. */
async function end(clients: Program<ClientLine>): Promise<readonly string[]> {
  clients.go();
  const code = await Promise.race([clients.exited, sleep(6_000, 'not at all')]);
  clients.signal('SIGKILL');
  return code === 0 ? [] : [`the clients ended with ${code}`];
}

function figuresOf(name: string, lines: readonly ClientLine[], result: Account): readonly Figure[] {
  const outside = result.lost.filter((range) => range.outside !== undefined);
  return [
    exactly(`${name}: lost ranges outside of interruptions`, outside.length, 0),
    exactly(`${name}: duplicated`, result.duplicated.length, 0),
    exactly(`${name}: out of order`, result.outOfOrder.length, 0),
    exactly(`${name}: received and not delivered`, result.undelivered.length, 0),
    atMost(`${name}: dials within any 10 s`, mostDials(lines), 13),
  ];
}

/** The proof that the faults were real. */
function wasHit(name: string, lines: readonly ClientLine[]): Figure {
  const connections = countConnections(lines);
  const met = connections > 1;
  return { figure: `${name}: connections`, measured: connections, target: '> 1', met };
}

function clockOf(feed: Feed, client: string) {
  const ledger = feed.ledgers().flat();
  return {
    existsAt: feed.existsAt,
    startedAt: (id: string) =>
      ledger.find((line) => line.type === 'started' && line.client === client && line.id === id)
        ?.at,
  };
}
