import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { WebSocket } from 'ws';
import { exactlyOnce } from './rig/exactly-once.js';
import { figure } from './rig/figure.js';
import { useStage } from './rig/stage.js';
import { firstRowAfter, losses, newestAt } from './rig/told.js';

describe('Chromium: a path that goes dead', function () {
  this.timeout(30_000);
  const staged = useStage();
  const config = { pingInterval: 1_000, pongTimeout: 1_000, connectTimeout: 1_500 };

  it(
    'is noticed without a close, replaced as soon as it has healed, and not listened to any more',
    staged({}, async ({ server, start, until }) => {
      await start({ ...config, retry: { delay: 250 } });
      server.halfOpen();
      server.failDials('no-answer', Infinity);
      const died = Date.now();
      const lost = await until('a verdict', (seen) => losses(seen).length > 0, 4_000);
      expect(losses(lost)).to.deep.equal(['SilentDisconnectError']);
      const noticed = lost.states.find(({ error }) => error !== undefined)!.at - died;
      expect(figure('half-open noticed after', noticed), 'ms until it was noticed').to.be.lessThan(
        2_200,
      );

      await until('three dials that hang', ({ sockets }) => sockets.length === 4, 8_000);
      server.accept();
      const healed = Date.now();
      const back = await until('rows', (seen) => firstRowAfter(seen, healed) < Infinity, 6_000);
      const dial = back.sockets.find(({ at }) => at >= healed)!;
      const open = dial.events.find(({ type }) => type === 'open')!;
      expect(
        figure('first dial after the healing open in', open.at - dial.at),
        'ms that the first dial took after the healing',
      ).to.be.lessThan(300);
      const resumed = firstRowAfter(back, healed) - healed;
      expect(
        figure('healed to first row (retry.delay 250, connectTimeout 1500)', resumed),
        'ms from the healing to a row',
      ).to.be.lessThan(3_000);
      for (const { older } of back.sockets.slice(1))
        expect(older, 'others at the time of a dial').to.not.include(WebSocket.CONNECTING);
      const first = back.sockets[0]!.events.map(({ type }) => type);
      expect(first, 'nobody waited for the close of the old socket').to.deep.equal(['open']);

      server.resume();
      await until(
        'the old one to close',
        ({ sockets }) => sockets[0]!.readyState === WebSocket.CLOSED,
        5_000,
      );
      await delay(300);
      const report = await until(
        'more rows',
        (seen) => firstRowAfter(seen, Date.now() - 100) < Infinity,
        2_000,
      );
      const missing = await exactlyOnce(server, report);
      expect(missing[0], 'the first row missed').to.equal(newestAt(report, died + 100) + 1);
      expect(missing.length * 20, 'ms of rows missed').to.be.lessThan(
        healed + resumed - died + 100,
      );
      expect(report.sockets).to.have.lengthOf(back.sockets.length);
      expect(losses(report).filter((name) => name === 'SilentDisconnectError')).to.have.lengthOf(1);
    }),
  );
});
