import { inspect } from 'node:util';
import { config } from 'rxjs';
import { rigServer } from '../rig/rig-server.js';
import type { CreateClient } from './clients/client.js';
import type { Expectation, ExpectedError, Row } from './row.js';
import { createStage, rowEvery, type Stage } from './stage.js';
import type { Verdict } from './verdict.js';
import { holds, openConnections } from './holds.js';
import type { Heard } from './hear.js';

/** Lets a row happen. Returns how its subscribers were let down. */
async function judge(row: Row, stage: Stage): Promise<readonly string[]> {
  const { expect } = row;
  const { victim, neighbour, server } = stage;
  const began = Date.now();
  if (expect.kind === 'plays') {
    await expect.play(stage);
    return [];
  }
  await row.before?.(stage);
  victim.subscribe();
  neighbour.subscribe();
  if (row.fault) {
    const flow = await holds(() => [victim, neighbour].every(({ rows }) => rows.length > 0));
    if (!flow) return [`no rows even before the fault: ${inspect(victim.ends)}`];
    await row.fault(stage);
  }
  const lost = await verdict(expect, stage);
  if (lost.length === 0 && stage.client.socket) await row.check?.(stage);
  const seconds = (Date.now() - began) / 1_000;
  const dials = server.ledger.upgrades.length;
  if (dials > 10 + 10 * seconds) lost.push(`a storm: ${dials} dials in ${seconds} s`);
  return lost;
}

async function verdict(expect: Expectation, stage: Stage): Promise<string[]> {
  if (expect.kind === 'fails') return failed(stage, expect.error, expect.dials);
  if (expect.kind === 'ends one') return endedOne(stage, expect.with);
  const victimMayFail = expect.kind === 'survives' && expect.victimMayFail;
  const lost = await goesOn(stage, (heard) => heard === stage.victim && victimMayFail === true);
  const deaf = expect.kind === 'survives' && expect.deaf === true;
  if (lost.length === 0) lost.push(...(await onceEach(stage, deaf)));
  if (expect.kind === 'tolerates') lost.push(...sameSocket(stage));
  return lost;
}

/** Waits for rows that came to exist from now on. */
async function goesOn(stage: Stage, mayFail: (heard: Heard) => boolean): Promise<string[]> {
  const mark = stage.newest() + 1;
  const fresh = ({ rows }: Heard) => rows.filter((number) => number > mark).length;
  const followed = [stage.victim, stage.neighbour];
  const done = (heard: Heard) => fresh(heard) >= 3 || heard.ends.length > 0;
  await holds(() => followed.every(done), 12_000);
  return followed.flatMap((heard) => {
    if (heard.ends.length > 0 && !mayFail(heard))
      return [`${heard.name} ended: ${inspect(heard.ends)}`];
    return done(heard) ? [] : [`${heard.name} heard nothing after the fault`];
  });
}

/** No operation lives twice at the server, none is lost there, and nothing came twice or out of order. */
async function onceEach(stage: Stage, deaf: boolean): Promise<string[]> {
  const { server, victim, neighbour } = stage;
  // what the network held back comes now, and the server learns what it has missed
  if (deaf) for (const peer of server.peers.slice(0, -1)) peer.drop();
  server.resume();
  await stage.pause(150);
  const due = [victim, neighbour].filter(({ ends }) => ends.length === 0).map(({ name }) => name);
  const live = () =>
    server.ledger.operations.map(({ request }) => /subscription (\w+)/.exec(request.query)?.[1]);
  const right = () => due.every((name) => live().filter((each) => each === name).length === 1);
  const one = () => server.ledger.sockets.length === 1;
  const settled = await holds(() => right() && one(), 1_500);
  const books = settled
    ? []
    : [`at the server live: ${inspect(live())}, sockets: ${server.ledger.sockets.length}`];
  return [...books, ...[victim, neighbour].flatMap(inOrder)];
}

function inOrder({ name, rows }: Heard): string[] {
  const wrong = rows.findIndex((number, index) => index > 0 && number <= rows[index - 1]!);
  return wrong < 0 ? [] : [`${name} got row ${rows[wrong]} after row ${rows[wrong - 1]}`];
}

async function failed(stage: Stage, error: ExpectedError, dials: number): Promise<string[]> {
  const { victim, neighbour, server } = stage;
  await holds(() => [victim, neighbour].every(({ ends }) => ends.length > 0), 8_000);
  await stage.pause(400);
  const seen = server.ledger.upgrades.length;
  return [
    ...[victim, neighbour].flatMap((heard) => endedWith(heard, error)),
    ...(seen > dials ? [`${seen} dials, not ${dials}`] : []),
  ];
}

async function endedOne(stage: Stage, end: ExpectedError | 'completed'): Promise<string[]> {
  const { victim, neighbour } = stage;
  await holds(() => victim.ends.length > 0, 5_000);
  const lost = await goesOn(stage, (heard) => heard === victim);
  const twice = inOrder(neighbour);
  return [...endedWith(victim, end), ...lost, ...twice, ...sameSocket(stage)];
}

function endedWith({ name, ends }: Heard, expected: ExpectedError | 'completed'): string[] {
  const [end] = ends;
  const fields = Object.entries(expected);
  const right =
    typeof expected === 'string'
      ? end === expected
      : fields.every(([key, value]) => (Object(end) as Record<string, unknown>)[key] === value);
  return right && ends.length === 1 ? [] : [`${name} ended: ${inspect(ends, { depth: 1 })}`];
}

function sameSocket({ server }: Stage): string[] {
  const { length } = server.ledger.opened;
  return length === 1 ? [] : [`${length} sockets, not one`];
}

/** Is in what the client sends, and may be nowhere else. */
const secret = 'hunter2';

/** Words of the user's documents and of the server's garbage, and what is not printable ASCII. */
const foreign = new RegExp(`${secret}|Victim|Neighbour|nonsense|__proto__|too late|[^ -~]`);

/** Closes the client and the server. Returns what was not as it should be. */
async function tidyUp(row: Row, stage: Stage): Promise<readonly string[]> {
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

/** Plays a row with a client, before a server of its own, and judges what came of it. */
export async function playRow(row: Row, create: CreateClient): Promise<Verdict> {
  const reports: unknown[] = [];
  config.onUnhandledError = (error: unknown) => reports.push(error);
  const start = Date.now();
  const server = await rigServer({
    feed: { every: rowEvery, start },
    keepAlive: 300,
    ...row.server,
  });
  const { connectionParams = { token: secret } } = row;
  const options = row.options?.(server) ?? {};
  const client = create({ url: server.url, connectionParams, options, server });
  const stage = createStage(server, client, start, reports);
  const lost = await judge(row, stage).catch((error: unknown) => [describe(error)]);
  const dials = server.ledger.upgrades.length;
  const untidy = await tidyUp(row, stage);
  return { lost, untidy, dials };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
