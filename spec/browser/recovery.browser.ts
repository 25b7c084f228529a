import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { exactlyOnce } from './rig/exactly-once.js';
import { useStage } from './rig/stage.js';
import { losses } from './rig/told.js';

describe('Chromium: recovery', function () {
  this.timeout(20_000);
  const staged = useStage();
  const retry = { delay: 200 };

  it(
    'gets back each row that was missed at a drop',
    staged({}, async ({ server, start, until }) => {
      await start({ retry, backfill: true });
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
