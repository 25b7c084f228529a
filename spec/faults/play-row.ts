import { config } from 'rxjs';
import { rigServer } from '../rig/rig-server.js';
import type { CreateClient } from './clients/client.js';
import { judge } from './judge.js';
import type { Row } from './row.js';
import { createStage, rowEvery } from './stage.js';
import { secret, tidyUp } from './tidy-up.js';
import type { Verdict } from './verdict.js';

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
