import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { eventually } from '../helpers/eventually.js';
import { exactlyOnce } from './rig/exactly-once.js';
import { figure } from './rig/figure.js';
import { useStage } from './rig/stage.js';
import { firstRowAfter, lived } from './rig/told.js';

describe('Chromium: a page that stops, and goes on', function () {
  this.timeout(20_000);
  const staged = useStage();

  it(
    'frozen: Chromium ends the socket, and one dial replaces it',
    staged({}, async ({ page, server, start, until }) => {
      await start();
      await page.hide();
      await until('hidden', ({ life }) => life.at(-1)?.type === 'hidden', 2_000);
      await page.freeze();
      await delay(2_000);
      await page.unfreeze();
      await page.show();
      const report = await until(
        'rows after the resume',
        (seen) => firstRowAfter(seen, lived(seen, 'resume') + 50) < Infinity,
        5_000,
      );
      expect(report.sockets[0]!.events.at(-1)).to.include({ type: 'close', code: 1006 });
      const after = firstRowAfter(report, lived(report, 'resume') + 50) - lived(report, 'visible');
      expect(figure('visible to first row', after), 'ms').to.be.lessThan(1_500);
      expect(report.sockets, 'sockets').to.have.lengthOf(2);
      await exactlyOnce(server, report);
      expect(server.ledger.counts).to.include({ opened: 2, started: 2 });
    }),
  );

  it(
    'back from the back/forward cache: one dial, promptly',
    staged({}, async ({ page, home, server, start, until }) => {
      await start();
      await page.navigate(`${home}/elsewhere`);
      await delay(1_000);
      await page.back();
      const back = 'pageshow persisted';
      const report = await until(
        'rows after the return',
        (seen) =>
          seen.life.some(({ type }) => type === back) &&
          firstRowAfter(seen, lived(seen, back) + 50) < Infinity,
        5_000,
      );
      expect(report.sockets[0]!.events.at(-1)).to.include({ type: 'close', code: 1006 });
      const after = firstRowAfter(report, lived(report, back) + 50) - lived(report, back);
      expect(figure('pageshow to first row', after), 'ms').to.be.lessThan(1_500);
      expect(report.sockets, 'sockets').to.have.lengthOf(2);
      await exactlyOnce(server, report);
      expect(server.ledger.counts).to.include({ opened: 2, started: 2 });
    }),
  );

  it(
    'unloaded: the server is rid of it, and the page that comes next has its own',
    staged({}, async ({ page, home, server, start, until }) => {
      await start();
      // what is replaced by itself is not kept in the back/forward cache
      await page.navigate(`${home}/`);
      await eventually(() => expect(server.ledger.sockets).to.deep.equal([]), 3_000);
      expect(server.ledger.operations).to.deep.equal([]);
      await start();
      const report = await until('rows', ({ numbers }) => numbers.length > 20, 3_000);
      expect(await exactlyOnce(server, report)).to.deep.equal([]);
      expect(report.sockets).to.have.lengthOf(1);
    }),
  );
});
