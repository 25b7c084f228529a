import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
import { concat, NEVER, of } from 'rxjs';
import type { Chromium } from '../browser/rig/chromium.js';
import { openTab, type Tab } from '../browser/rig/tab.js';
import { eventually } from '../helpers/eventually.js';
import type { Feeds } from './feeds.js';

/** An application that was built, and all around it. */
export interface Stage {
  /** The URL of its pages. */
  readonly home: string;
  readonly feeds: Feeds;
  readonly chromium: Chromium;
}

export type Check = (stage: Stage) => Promise<void>;

/** A page in Chromium. The console must not complain. */
export async function inPage(
  { chromium, home }: Stage,
  path: string,
  play: (tab: Tab) => Promise<void>,
): Promise<void> {
  const tab = await openTab(chromium, 'about:blank');
  try {
    const late = delay(5_000).then(() => {
      throw new Error(`${path} was not loaded within 5 s`);
    });
    await Promise.race([tab.navigate(home + path), late]);
    await play(tab);
    expect(tab.problems, 'what the console complained about').to.deep.equal([]);
  } catch (error) {
    const console = tab.problems.join('\n');
    throw new Error(`${String(error)}\nthe console: ${console}`, { cause: error });
  } finally {
    await tab.close();
  }
}

/** Waits until the text of the page matches. */
export const shows = (tab: Tab, text: RegExp, ms = 5_000) =>
  eventually(async () => {
    expect(await tab.evaluate('document.body.innerText')).to.match(text);
  }, ms);

/** The server makes the page within a second, and leaves neither a socket nor an operation. */
const isRendered =
  (path: string, text: string): Check =>
  async ({ home, feeds }) => {
    const before = feeds.counts();
    const page = await fetch(home + path, { signal: AbortSignal.timeout(1_000) });
    const html = await page.text();
    expect(html).to.contain('ng-server-context').and.to.contain(text);
    await delay(100);
    expect(feeds.counts()).to.deep.equal(before);
  };

const whileDown =
  (check: Check): Check =>
  async (stage) => {
    await stage.feeds.down();
    try {
      await check(stage);
    } finally {
      await stage.feeds.up();
    }
  };

/** The page of the server is taken over by the browser, and begins each stream once, on one socket. */
const isHydrated =
  (path: string, server: 'trades' | 'prices', streams: readonly string[]): Check =>
  async (stage) => {
    const { ledger } = stage.feeds[server];
    const from = ledger.entries.length;
    await inPage(stage, path, async (tab) => {
      await shows(tab, /\d\d/);
      await delay(500);
      expect(await tab.evaluate(`document.querySelectorAll('app-root').length`)).to.equal(1);
      const entries = ledger.entries.slice(from);
      expect(entries.filter(({ type }) => type === 'upgrade')).to.have.length(1);
      const started = entries.flatMap((entry) =>
        entry.type === 'started'
          ? [nameOf(entry.request.query), ...Object.values<unknown>(entry.request.variables)].join(
              ' ',
            )
          : [],
      );
      expect(started).to.have.members(streams);
    });
    await eventually(() => expect(ledger.sockets).to.deep.equal([]), 3_000);
  };

const nameOf = (query: string) => /subscription (\w+)/.exec(query)?.[1];

interface Probe {
  readonly changeDetections: number;
  readonly stable: boolean;
}

/** Frames that reach no subscriber, such as pings, cause no change detection, and an open stream leaves the application stable. */
export const isQuiet: Check = async (stage) => {
  const { prices } = stage.feeds;
  await prices.stop();
  const quiet = await graphqlTestServer({
    port: Number(new URL(prices.url).port),
    keepAlive: 20,
    handle: ({ variables }) => {
      const data = { price: { symbol: variables.symbol as unknown, value: 77 } };
      return concat(of({ data }), NEVER);
    },
  });
  try {
    await inPage(stage, '/prices', async (tab) => {
      const probe = async () => (await tab.evaluate('probe')) as Probe;
      await shows(tab, /SOL: 77\s+BTC: 77/);
      await eventually(async () => expect((await probe()).stable).to.equal(true), 3_000);
      await delay(200);
      const { changeDetections } = await probe();
      await delay(500);
      expect((await probe()).changeDetections).to.equal(changeDetections);
    });
  } finally {
    await quiet.stop();
    await prices.start();
  }
};

const trades = isRendered('/', 'The volume is not known yet');
const prices = isRendered('/prices', 'SOL: not known yet');

/** What our handling of the server and of zones is for. */
export const checks: Readonly<Record<string, Check>> = {
  'the page of trades (toSignal, recover) is rendered at once, and nothing is dialled': trades,
  'the page of trades is rendered at once while the feeds are down': whileDown(trades),
  'the page of prices (rxResource, watch) is rendered at once, and nothing is dialled': prices,
  'the page of prices is rendered at once while the feeds are down': whileDown(prices),
  'the page of trades is hydrated, and each of its streams begins once': isHydrated('/', 'trades', [
    'Volume',
    'Trades',
  ]),
  'the page of prices is hydrated, and each of its streams begins once': isHydrated(
    '/prices',
    'prices',
    ['Price SOL', 'Price BTC'],
  ),
};
