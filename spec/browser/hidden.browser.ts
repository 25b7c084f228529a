import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { WebSocket } from 'ws';
import { exactlyOnce } from './rig/exactly-once.js';
import type { Stage } from './rig/stage.js';
import { useStage } from './rig/stage.js';
import { lived, losses, pings, readyStates } from './rig/told.js';

interface Watching {
  readonly pingInterval?: number;
  readonly pongTimeout?: number;
  readonly keepAliveTimeout?: number;
}

/** A stream so quiet that pongs alone tell of life, in a tab that nobody sees. */
async function quietInTheDark(
  { page, server, start, report, until }: Stage,
  {
    forMs,
    tick,
    config,
  }: { readonly forMs: number; readonly tick: number; readonly config: Watching },
): Promise<void> {
  await start(config);
  await page.call('watchTimers');
  await page.hide();
  await until('hidden', ({ life }) => life.at(-1)?.type === 'hidden', 2_000);
  await delay(forMs);
  const seen = await report();
  expect(await page.call('visibility')).to.equal('hidden');
  expect(Math.max(...seen.ticks), 'ms between ticks').to.be.greaterThan(tick);
  expect(losses(seen)).to.deep.equal([]);
  expect(readyStates(seen)).to.deep.equal([WebSocket.OPEN]);
  const heard = seen.events.filter(
    ({ type, at }) => type === 'received' && at > lived(seen, 'hidden'),
  );
  const rows = seen.received.filter((at) => at > lived(seen, 'hidden'));
  expect(heard.length - rows.length, 'pongs and heartbeats').to.be.greaterThan(2);
  expect(Math.max(...seen.delays), 'ms until a row came').to.be.lessThan(1_000);
  expect(await exactlyOnce(server, seen), 'rows missed').to.deep.equal([]);
}

describe('Chromium: a hidden tab', function () {
  this.timeout(60_000);
  const staged = useStage();

  it(
    'with timers of 1 s lives on: no false death, every row in time',
    staged({ every: 3_000 }, (stage) =>
      quietInTheDark(stage, {
        forMs: 15_500,
        tick: 900,
        config: { pingInterval: 2_000, pongTimeout: 1_000 },
      }),
    ),
  );

  it(
    'the same by heartbeats of a legacy server',
    staged({ every: 4_000, subprotocols: ['graphql-ws'], keepAlive: 1_000 }, (stage) =>
      quietInTheDark(stage, { forMs: 8_000, tick: 900, config: { keepAliveTimeout: 1_900 } }),
    ),
  );

  it(
    'is probed once when it is visible again',
    staged({}, async ({ page, start, until }) => {
      await start({ pingInterval: 60_000, pongTimeout: 5_000 });
      await page.hide();
      await until('hidden', ({ life }) => life.at(-1)?.type === 'hidden', 2_000);
      await page.show();
      await until('a ping', (seen) => pings(seen).length > 0, 2_000);
      await delay(1_000);
      const report = await until(
        'a pong',
        ({ events }) => events.some(({ type }) => type === 'pong'),
        0,
      );
      expect(pings(report), 'pings').to.have.lengthOf(1);
      expect(pings(report)[0]! - lived(report, 'visible'), 'ms').to.be.within(-5, 250);
      expect(readyStates(report)).to.deep.equal([WebSocket.OPEN]);
    }),
  );
});
