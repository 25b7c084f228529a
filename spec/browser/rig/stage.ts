import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { after, before } from 'mocha';
import type { GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { rigServer, type RigServer } from '../../rig/rig-server.js';
import { openPage, type BrowserPage } from './browser-page.js';
import { launchChromium, type Chromium } from './chromium.js';
import type { Report } from './page/report.js';
import type { PageConfig } from './page/subscribe.js';
import { startPageServer, type PageServer } from './page-server.js';

/** The page and the server of one test. */
export interface Stage extends Pick<Chromium, 'suspend' | 'resume'> {
  readonly page: BrowserPage;
  /** The URL of the page's server. */
  readonly home: string;
  readonly server: RigServer;
  /** Subscribes, in the page, to the server's feed, and waits for the first row. */
  start(config?: Omit<PageConfig, 'url'>): Promise<void>;
  report(): Promise<Report>;
  /** The first report that satisfies. @throws Error - none did within `ms`. */
  until(what: string, satisfies: (report: Report) => boolean, ms: number): Promise<Report>;
}

interface StageOptions extends Omit<GraphQLTestServerOptions, 'feed'> {
  /** ms between the rows of the server's feed. */
  readonly every?: number;
}

export type Staged = (
  options: StageOptions,
  play: (stage: Stage) => Promise<void>,
) => () => Promise<void>;

/** One Chromium for the suite; a page and a server for each case, of which the console must not complain. */
export function useStage(switches: readonly string[] = []): Staged {
  let chromium: Chromium | undefined;
  let pages: PageServer | undefined;
  before(async function () {
    this.timeout(30_000);
    pages = await startPageServer();
    chromium = await launchChromium(switches);
  });
  after(async function () {
    this.timeout(30_000);
    await chromium?.close();
    await pages?.stop();
  });
  return (options, play) => async () => {
    const home = pages!.url;
    const { every = 20, ...further } = options;
    const row = (number: number, _random: unknown, at: number) => ({ number, at });
    const server = await rigServer({ feed: { every, row, replay: true }, ...further });
    const page = await openPage(chromium!, `${home}/`);
    try {
      await play({ ...setStage(page, home, server), ...chromium! });
      expect(page.problems, 'what the console complained about').to.deep.equal([]);
    } finally {
      await page.close();
      await server.stop();
    }
  };
}

function setStage(
  page: BrowserPage,
  home: string,
  server: RigServer,
): Omit<Stage, 'suspend' | 'resume'> {
  const report = () => page.call('report');
  const until: Stage['until'] = async (what, satisfies, ms) => {
    const deadline = performance.now() + ms;
    for (;;) {
      const seen = await report();
      if (satisfies(seen)) return seen;
      if (performance.now() > deadline)
        throw new Error(`not within ${ms} ms: ${what}\n${summary(seen)}`);
      await delay(25);
    }
  };
  return {
    ...{ page, home, server, report, until },
    async start(config) {
      await page.call('start', { url: server.url, ...config });
      await until('a first row', ({ numbers }) => numbers.length > 0, 5_000);
    },
  };
}

/** The message of a failure. Instants are ms since the first of them. */
function summary({ states, sockets, life, ended, events, numbers }: Report): string {
  const start = life[0]?.at ?? 0;
  const line = (entries: readonly { readonly at: number }[]) =>
    entries
      .map(({ at, ...rest }) => [at - start, ...Object.values(rest).map(String)].join(' '))
      .join(', ');
  return [
    `page: ${line(life)}`,
    `status: ${line(states)}`,
    ...sockets.map(
      ({ at, older, events: own }) => `socket: ${at - start} [${older.join()}] ${line(own)}`,
    ),
    `events: ${line(events.filter(({ type }) => type !== 'received').slice(-30))}`,
    `rows: ${numbers.length}, the last ${String(numbers.at(-1))}; ended: ${String(ended)}`,
  ].join('\n');
}
