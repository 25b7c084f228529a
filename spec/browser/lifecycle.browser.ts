import { expect } from 'chai';
import { describe, it } from 'mocha';
import { eventually } from '../helpers/eventually.js';
import { exactlyOnce } from './rig/exactly-once.js';
import { useStage } from './rig/stage.js';

describe('Chromium: a page that stops, and goes on', function () {
  this.timeout(20_000);
  const staged = useStage();

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
