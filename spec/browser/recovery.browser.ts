import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { exactlyOnce } from './rig/exactly-once.js';
import { useStage } from './rig/stage.js';
import type { Stage } from './rig/stage.js';
import { firstRowAfter, lived, losses } from './rig/told.js';

describe('Chromium: recovery', function () {
  this.timeout(20_000);
  const staged = useStage();
  const retry = { delay: 200 };

  it(
    'gets back each row that was missed at a drop',
    staged({}, async ({ server, start, until }) => {
      await start({ retry, recovery: 'backfill' });
      for (let drop = 1; drop <= 3; drop += 1) {
        server.drop();
        await until('a loss', (report) => losses(report).length === drop, 3_000);
        const { numbers } = await until(
          'rows',
          ({ states }) => states.at(-1)?.state === 'connected',
          5_000,
        );
        await until('more rows', (report) => report.numbers.length > numbers.length + 20, 5_000);
      }
      const report = await until('rows', ({ numbers }) => numbers.length > 0, 1_000);
      expect(await exactlyOnce(server, report)).to.deep.equal([]);
    }),
  );

  /** What stops a page, and lets it go on. Resolves with the event of the latter. */
  const stops: Readonly<Record<string, (stage: Stage) => Promise<string>>> = {
    async 'offline for 3 s'({ page }) {
      await page.offline(true);
      await delay(3_000);
      await page.offline(false);
      return 'online';
    },
    async hidden({ page, server, until }) {
      await page.hide();
      await until('hidden', ({ life }) => life.at(-1)?.type === 'hidden', 2_000);
      server.drop();
      await delay(2_000);
      await page.show();
      return 'visible';
    },
    async frozen({ page, until }) {
      await page.hide();
      await until('hidden', ({ life }) => life.at(-1)?.type === 'hidden', 2_000);
      await page.freeze();
      await delay(2_000);
      await page.unfreeze();
      await page.show();
      return 'visible';
    },
    async 'back from the back/forward cache'({ page, home }) {
      await page.navigate(`${home}/elsewhere`);
      await delay(1_000);
      await page.back();
      return 'pageshow persisted';
    },
  };
  for (const [name, stop] of Object.entries(stops))
    it(
      `with \`resume\` misses nothing: ${name}`,
      staged({}, async (stage) => {
        const { server, start, until } = stage;
        await start({ retry, recovery: 'resume', pingInterval: 1_000, pongTimeout: 1_000 });
        const event = await stop(stage);
        const report = await until(
          'rows on another socket',
          (seen) =>
            seen.sockets.length > 1 &&
            seen.life.some(({ type }) => type === event) &&
            firstRowAfter(seen, lived(seen, event) + 500) < Infinity,
          10_000,
        );
        expect(await exactlyOnce(server, report)).to.deep.equal([]);
      }),
    );

  it(
    'is needed: without it rows are missing',
    staged({}, async ({ server, start, until }) => {
      await start({ retry });
      server.drop();
      await until('a loss', (report) => losses(report).length === 1, 3_000);
      await delay(500);
      const report = await until(
        'rows',
        ({ states }) => states.at(-1)?.state === 'connected',
        5_000,
      );
      const { missing } = server.truth.compare(report.numbers);
      expect(missing).to.not.deep.equal([]);
    }),
  );
});
