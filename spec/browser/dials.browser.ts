import { expect } from 'chai';
import { describe, it } from 'mocha';
import { exactlyOnce } from './rig/exactly-once.js';
import { useStage } from './rig/stage.js';
import { losses } from './rig/told.js';

describe('Chromium: dials that fail', function () {
  this.timeout(15_000);
  const staged = useStage();

  // a browser tells nothing of an upgrade: whatever failed may pass
  it(
    'are repeated, whatever a server did to the upgrade, and the console has nothing of ours to say',
    staged({}, async ({ server, start, report }) => {
      server.failDials({ status: 503 });
      server.failDials('no-subprotocol');
      server.failDials('reset');
      await start({ retry: { delay: 20 } });
      const seen = await report();
      expect(losses(seen)).to.deep.equal(['ConnectionError', 'ConnectionError', 'ConnectionError']);
      const [first, , , fourth] = seen.sockets.map(({ at }) => at);
      expect(seen.sockets).to.have.lengthOf(4);
      expect(fourth! - first!, 'ms from the first dial to the fourth').to.be.within(900, 3_000);
      expect(await exactlyOnce(server, seen)).to.deep.equal([]);
    }),
  );
});
