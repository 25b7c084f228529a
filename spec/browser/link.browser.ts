import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { WebSocket } from 'ws';
import { exactlyOnce } from './rig/exactly-once.js';
import { useStage } from './rig/stage.js';
import { firstRowAfter, lived, newestAt, pings, readyStates } from './rig/told.js';

describe('Chromium: the link goes down and comes back', function () {
  this.timeout(20_000);
  const staged = useStage();

  it(
    'within pongTimeout: the same socket goes on, with nothing lost or doubled',
    staged({}, async ({ page, server, start, until }) => {
      await start({ pingInterval: false, pongTimeout: 4_000 });
      await page.offline(true);
      await delay(1_000);
      await page.offline(false);
      const report = await until(
        'rows of after the outage',
        (seen) => seen.numbers.length > newestAt(seen, lived(seen, 'online')) + 50,
        5_000,
      );
      const silence =
        firstRowAfter(report, lived(report, 'offline') + 100) - lived(report, 'offline');
      expect(silence, 'ms without rows').to.be.greaterThan(900);
      expect(await exactlyOnce(server, report), 'rows missed').to.deep.equal([]);
      expect(readyStates(report)).to.deep.equal([WebSocket.OPEN]);
      expect(server.ledger.counts).to.include({ upgrade: 1, started: 1, closed: 0 });
      expect(report.states.map(({ state }) => state)).to.deep.equal([
        'idle',
        'connecting',
        'connected',
      ]);
    }),
  );

  it(
    'it is probed with a ping at once, when the link goes and when it is back',
    staged({}, async ({ page, start, until }) => {
      await start({ pingInterval: 60_000, pongTimeout: 10_000 });
      await page.offline(true);
      const down = await until('a ping at offline', (seen) => pings(seen).length > 0, 2_000);
      expect(pings(down)[0]! - lived(down, 'offline'), 'ms').to.be.within(-5, 250);
      await delay(500);
      await page.offline(false);
      const up = await until(
        'a pong after online',
        ({ events }) => events.some(({ type }) => type === 'pong'),
        3_000,
      );
      expect(pings(up).length, 'pings').to.be.within(1, 2);
      expect(readyStates(up)).to.deep.equal([WebSocket.OPEN]);
    }),
  );
});
