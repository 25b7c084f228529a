import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { faults, type Fault } from '../../lib/demo/faults.js';
import { servePage } from '../../lib/demo/page-server.js';
import { openPage, type BrowserPage } from './rig/browser-page.js';
import { launchChromium, type Chromium } from './rig/chromium.js';

type Lane = 'naive' | 'ours';

/** What a lane shows: its figures by their labels, the age of the last value in s, and the states of its connection, the latest first. */
interface Shown {
  readonly figures: Readonly<Record<string, number>>;
  readonly age: number;
  readonly badge: string;
  readonly states: readonly string[];
  readonly cells: readonly string[];
}

const readLane = (lane: Lane) => `(() => {
  const all = (selector) => [...document.querySelectorAll('#${lane} ' + selector)];
  const texts = (selector) => all(selector).map((element) => element.textContent);
  const values = texts('dd').map(Number);
  return {
    figures: Object.fromEntries(texts('dt').map((label, index) => [label, values[index]])),
    age: parseFloat(texts('output')[0]),
    badge: texts('.badge')[0],
    states: texts('.states li'),
    cells: [...new Set(all('.cells i').map(({ className }) => className))],
  };
})()`;

describe('Chromium: the page of the demo', function () {
  this.timeout(120_000);
  const built = new URL('../../dist/demo/page/', import.meta.url);
  let chromium: Chromium;
  let home: Awaited<ReturnType<typeof servePage>>;
  before(async function () {
    this.timeout(30_000);
    if (!existsSync(new URL('page.js', built))) throw new Error('`npm run build` comes first');
    home = await servePage(0, 7, built);
    chromium = await launchChromium();
  });
  after(async () => {
    await chromium.close();
    await home.stop();
  });

  /** Plays on a page of its own, of which the console must not complain. */
  async function onPage(query: string, play: (page: BrowserPage) => Promise<void>): Promise<void> {
    const page = await openPage(chromium, home.url + query);
    try {
      await until(page, 'both clients to receive', (lane) => lane.figures.received! > 5);
      await play(page);
      expect(page.problems, 'complaints of the console').to.deep.equal([]);
    } finally {
      await page.close();
    }
  }
  const read = (page: BrowserPage, lane: Lane) => page.evaluate(readLane(lane)) as Promise<Shown>;
  async function until(
    page: BrowserPage,
    what: string,
    isSo: (lane: Shown) => boolean,
    lanes: readonly Lane[] = ['naive', 'ours'],
  ): Promise<void> {
    for (const lane of lanes)
      for (const end = Date.now() + 30_000; ;) {
        const shown = await read(page, lane);
        if (isSo(shown)) break;
        if (Date.now() > end) throw new Error(`no ${what}: ${lane} ${JSON.stringify(shown)}`);
        await delay(50);
      }
  }
  const isBusy = (page: BrowserPage) =>
    page.evaluate(`document.querySelector('[aria-pressed=true]') !== null`);
  const overAndWell = async (page: BrowserPage) => {
    while (await isBusy(page)) await delay(200);
    // a stream that begins anew is billed a moment later
    const isWell = ({ age, figures }: Shown) => age < 2 && !figures.missing && figures.billed === 1;
    await until(page, 'recovery', isWell, ['ours']);
    expect((await read(page, 'ours')).figures).to.include({ missing: 0, duplicate: 0 });
  };

  const effects: Readonly<Record<Fault, (naive: Shown, ours: Shown) => boolean>> = {
    'half-open': (naive, ours) =>
      naive.badge === 'connected' &&
      naive.age > 3 &&
      naive.figures.missing! > 10 &&
      ours.states.some((state) => state.startsWith('silent disconnect')),
    restart: (naive, ours) => naive.badge !== 'connected' && ours.badge !== 'connected',
    'token-expired': (naive) => naive.states.includes('closed with 4403') && naive.age > 3,
    'ignored-stop': (naive) => naive.figures.duplicate! > 5 && naive.figures.billed === 2,
    'bad-operation': (naive) =>
      naive.states.filter((state) => state === 'closed with 4400').length > 1,
  };
  const press = async (fault: Fault, page: BrowserPage) => {
    await page.evaluate(`document.getElementById('${fault}').click()`);
    expect(await page.evaluate(`document.querySelector('#news').textContent`)).to.equal(
      `${faults[fault].title}: ${faults[fault].text}.`,
    );
    for (const end = Date.now() + 10_000; ;) {
      const [naive, ours] = await Promise.all([read(page, 'naive'), read(page, 'ours')]);
      if (effects[fault](naive, ours)) break;
      if (Date.now() > end) throw new Error(`${fault}: ${JSON.stringify([naive, ours])}`);
      await delay(25);
    }
    await overAndWell(page);
    const naive = await read(page, 'naive');
    const isHarmed = naive.figures.missing! + naive.figures.duplicate! > 0;
    expect(isHarmed, `harm by ${fault} to the other client`).to.equal(true);
  };

  it('each button has its visible effect, and our client recovers; the tour ends with nothing missing', async () => {
    const pressAll = Object.keys(effects).map((fault) =>
      onPage('', (page) => press(fault as Fault, page)),
    );
    const tour = onPage('', async (page) => {
      // by keyboard: the first thing that takes the focus
      const key = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 };
      await page.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key });
      const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' };
      await page.send('Input.dispatchKeyEvent', { type: 'keyDown', ...enter });
      expect(await isBusy(page)).to.equal(true);
      await overAndWell(page);
      const [naive, ours] = [await read(page, 'naive'), await read(page, 'ours')];
      expect(naive.figures.missing).to.be.above(0);
      expect(ours.figures.sent).to.be.above(500);
      expect(ours.figures.received).to.equal(ours.figures.sent);
      expect(ours.cells).to.have.members(['', 'received', 'recovered']);
      expect(naive.cells).to.include('missing').and.not.include('recovered');
    });
    await Promise.all([...pressAll, tour]);
  });

  it('has no task over 50 ms at 100 blocks a second, while 300 are recovered, too', () =>
    onPage('?every=10', async (page) => {
      await page.evaluate(`window.tasks = [];
        new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
          .observe({ type: 'longtask' }); undefined`);
      await page.evaluate(`document.getElementById('half-open').click()`);
      await overAndWell(page);
      expect((await read(page, 'ours')).figures.recovered).to.be.above(150);
      const tasks = (await page.evaluate('tasks')) as number[];
      expect(tasks).to.deep.equal([]);
    }));

  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ] as const)
    it(`fits into ${width} × ${height}`, () =>
      onPage('', async (page) => {
        const metrics = { width, height, deviceScaleFactor: 1, mobile: width < 500 };
        await page.send('Emulation.setDeviceMetricsOverride', metrics);
        const wide = `[...document.querySelectorAll('body *')].filter((element) => !element.closest('pre, .states') &&
          element.getBoundingClientRect().right > ${width}).map(({ tagName }) => tagName)`;
        expect(await page.evaluate(wide)).to.deep.equal([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(width);
      }));

  it('tells that its server has ended', () =>
    onPage('', async (page) => {
      const other = await servePage(0, 1, built);
      await page.navigate(other.url);
      await until(page, 'blocks', (lane) => lane.figures.received! > 1);
      await other.stop();
      await delay(500);
      expect(await page.evaluate(`document.querySelector('#news').textContent`)).to.contain(
        'server has ended',
      );
      // Chromium logs the request that was cut
      (page.problems as string[]).length = 0;
    }));
});
