import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { exactlyOnce } from './rig/exactly-once.js';
import type { Report } from './rig/page/report.js';
import type { Stage } from './rig/stage.js';
import { figure } from './rig/figure.js';
import { useStage } from './rig/stage.js';
import { firstRowAfter, lived } from './rig/told.js';

/** What wakes a page, after what has put it to sleep. */
const wakes: Readonly<
  Record<string, { sleep(stage: Stage): Promise<unknown>; wake(stage: Stage): Promise<unknown> }>
> = {
  online: { sleep: ({ page }) => page.offline(true), wake: ({ page }) => page.offline(false) },
  visible: { sleep: ({ page }) => page.hide(), wake: ({ page }) => page.show() },
  'pageshow persisted': {
    sleep: ({ page, home }) => page.navigate(`${home}/elsewhere`),
    wake: ({ page }) => page.back(),
  },
};

const hasLost = ({ sockets }: Report) => sockets[0]!.events.at(-1)?.type === 'close';

describe('Chromium: a backoff of a minute', function () {
  this.timeout(15_000);
  const staged = useStage();

  for (const [event, { sleep, wake }] of Object.entries(wakes))
    it(
      `is cut short by ${event}: one dial, at once`,
      staged({}, async (stage) => {
        const { server, start, until } = stage;
        await start({ retry: { delay: 60_000 } });
        server.corrupt('reset');
        await until('waiting', ({ states }) => states.at(-1)?.state === 'waiting', 2_000);
        await sleep(stage);
        await delay(500);
        expect(server.ledger.counts.upgrade, 'dials before').to.equal(1);
        await wake(stage);
        const isAwake = ({ type }: { readonly type: string }) => type === event;
        const report = await until(
          'a row after the wake',
          (seen) => seen.life.some(isAwake) && firstRowAfter(seen, lived(seen, event)) < Infinity,
          3_000,
        );
        const after = firstRowAfter(report, lived(report, event)) - lived(report, event);
        expect(figure(`${event} to first row`, after), 'ms').to.be.lessThan(1_500);
        expect(report.sockets, 'sockets').to.have.lengthOf(2);
        await exactlyOnce(server, report);
      }),
    );

  /** The sockets of such pages close right behind the wake, and not before. */
  const stopped: Readonly<Record<string, (stage: Stage) => Promise<string>>> = {
    'out of the back/forward cache': async ({ page, home }) => {
      await page.navigate(`${home}/elsewhere`);
      await delay(500);
      await page.back();
      return 'pageshow persisted';
    },
    'that was frozen': async ({ page, until }) => {
      await page.hide();
      await until('hidden', ({ life }) => life.at(-1)?.type === 'hidden', 2_000);
      await page.freeze();
      await delay(2_000);
      await page.show();
      return 'visible';
    },
  };
  for (const [kind, stopAndWake] of Object.entries(stopped))
    it(
      `is none for a page ${kind}`,
      staged({}, async (stage) => {
        await stage.start({ retry: { delay: 60_000 } });
        const event = await stopAndWake(stage);
        const report = await stage.until('waiting, or a new dial', hasLost, 3_000);
        await stage.until('another socket', ({ sockets }) => sockets.length === 2, 1_500);
        expect(lived(report, event)).to.be.at.most(report.sockets[0]!.events.at(-1)!.at);
      }),
    );
});
