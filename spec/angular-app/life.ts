import { mkdirSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Tab } from '../browser/rig/tab.js';
import { eventually } from '../helpers/eventually.js';
import { type Check, inPage, shows } from './checks.js';
import type { Feeds } from './feeds.js';

const click = (tab: Tab, text: string) =>
  tab.evaluate(
    `[...document.querySelectorAll('a, button')].find((one) => one.textContent.includes('${text}')).click()`,
  );

const lost = /The connection is lost/;
const goesOn = /\d: 10\d\s+Trades are missing since \d\d:\d\d:\d\d\.\s+\d+: 10\d/;
const twice = /\d: 10\d\s+Trades are missing[^]*Trades are missing/;
const found = /^(?![^]*connection is lost)/;

/** The tokens of all connections, in their order. */
const tokens = ({ trades }: Feeds) =>
  trades.ledger.messages.flatMap(({ type, payload }) =>
    type === 'connection_init' ? (payload as { readonly token: string }).token : [],
  );

const orders = ({ trades }: Feeds) =>
  trades.ledger.operations.filter(({ request }) => request.query.includes('Orders'));

/** A user comes and goes, and gets a new token in between. */
export const login: Check = (stage) =>
  inPage(stage, '/', async (tab) => {
    const { feeds } = stage;
    await shows(tab, /\d: 10\d/);
    expect(tokens(feeds).at(-1)).to.match(/^visitor:/);

    await click(tab, 'Log in');
    await shows(tab, /The last order of Ada has the number \d/);
    const first = tokens(feeds).at(-1);
    expect(first).to.match(/^Ada:/);

    feeds.trades.expireToken();
    await eventually(() => {
      expect(tokens(feeds).at(-1)).to.match(/^Ada:/).and.not.equal(first);
    }, 5_000);
    await shows(tab, /The last order of Ada/);
    await eventually(() => expect(orders(feeds)).to.have.length(1), 3_000);

    await click(tab, 'Log out Ada');
    await shows(tab, /^(?![^]*The last order)/);
    await eventually(() => expect(tokens(feeds).at(-1)).to.match(/^visitor:/), 5_000);
    await eventually(() => expect(orders(feeds)).to.deep.equal([]), 3_000);
  });

/** The feed goes silent, and later it is restarted. */
export const losses: Check = (stage) =>
  inPage(stage, '/', async (tab) => {
    const { trades } = stage.feeds;
    await shows(tab, /\d: 10\d\s+\d+: 10\d/);
    trades.halfOpen();
    await shows(tab, lost);
    await shows(tab, goesOn);
    await shows(tab, found);

    await trades.stop();
    try {
      // a wait that is long enough for the button to make a difference
      await shows(tab, /The next attempt is in ([4-9]|\d\d) s/, 30_000);
      await photograph(tab, 'waiting');
    } finally {
      await trades.start();
    }
    const dialled = trades.ledger.until('upgrade', undefined, trades.ledger.counts.upgrade + 1);
    const clicked = Date.now();
    await click(tab, 'Retry now');
    expect((await dialled).at - clicked).to.be.below(1_000);
    await shows(tab, found);
    await shows(tab, twice);
    await photograph(tab, 'recovered');
  });

/** A route with a socket of its own, which is open while the route is shown. */
export const lazyRoute: Check = (stage) =>
  inPage(stage, '/', async (tab) => {
    const { ledger } = stage.feeds.prices;
    await shows(tab, /\d: 10\d/);
    expect(ledger.sockets).to.deep.equal([]);
    await click(tab, 'Prices');
    await shows(tab, /SOL: 1\d\d\s+BTC: 1\d\d/);
    expect(ledger.sockets).to.have.length(1);
    await click(tab, 'ETH');
    await shows(tab, /ETH: 1\d\d/);
    await click(tab, 'Trades');
    await shows(tab, /\d: 10\d/);
    await eventually(() => expect(ledger.sockets).to.deep.equal([]), 3_000);
  });

/** For people to look at: `.cache/angular-app/<name>.png`. */
async function photograph(tab: Tab, name: string): Promise<void> {
  const { data } = await tab.session.send('Page.captureScreenshot');
  mkdirSync('.cache/angular-app', { recursive: true });
  writeFileSync(`.cache/angular-app/${name}.png`, String(data), 'base64');
}
