import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { WebSocket } from 'ws';
import { exactlyOnce } from './rig/exactly-once.js';
import type { Stage } from './rig/stage.js';
import { useStage } from './rig/stage.js';
import { losses, readyStates } from './rig/told.js';

/** The thread was busy for `ms`; all that came meanwhile was read before anything was judged. */
async function survives({ server, until }: Stage, ms: number): Promise<void> {
  const busy = (received: readonly number[]) =>
    received.findIndex((at, index) => at - received[index - 1]! > ms - 500);
  const report = await until(
    'rows after the block',
    ({ received }) => busy(received) > 0 && received.length > busy(received) + 50,
    ms + 5_000,
  );
  expect(losses(report)).to.deep.equal([]);
  expect(readyStates(report)).to.deep.equal([WebSocket.OPEN]);
  expect(await exactlyOnce(server, report), 'rows missed').to.deep.equal([]);
}

describe('Chromium: a page whose thread is busy for longer than any deadline', function () {
  this.timeout(20_000);
  const staged = useStage();

  it(
    'reads the pong that came meanwhile before it judges',
    staged({ every: 2_000 }, async ({ page, server, start, until }) => {
      await start({ pingInterval: 500, pongTimeout: 500 });
      await page.call('blockAfterPing', 1_500);
      const report = await until(
        'a pong that lay unread for 1400 ms, and another',
        ({ events }) => {
          const pong = events.filter(({ type }) => type === 'pong');
          const ping = events.filter(({ type }) => type === 'ping');
          return pong.slice(0, -1).some(({ at }, index) => at - ping[index]!.at > 1_400);
        },
        8_000,
      );
      expect(losses(report)).to.deep.equal([]);
      expect(readyStates(report)).to.deep.equal([WebSocket.OPEN]);
      expect(await exactlyOnce(server, report), 'rows missed').to.deep.equal([]);
    }),
  );

  it(
    'reads the rows that came meanwhile before it judges by pongTimeout',
    staged({}, async (stage) => {
      await stage.start({ pingInterval: 1_000, pongTimeout: 1_000 });
      await stage.page.call('blockAfterPing', 3_000);
      await survives(stage, 3_000);
    }),
  );

  it(
    'and by keepAliveTimeout',
    staged({}, async (stage) => {
      await stage.start({ pingInterval: false, keepAliveTimeout: 1_000 });
      await stage.page.call('block', 3_000);
      await survives(stage, 3_000);
    }),
  );

  it(
    'E11: nor by a clock that ran on while all of Chromium was asleep',
    staged({}, async (stage) => {
      await stage.start({ pingInterval: 500, pongTimeout: 500, keepAliveTimeout: 1_000 });
      stage.suspend();
      await delay(3_000);
      stage.resume();
      await survives(stage, 3_000);
    }),
  );
});
