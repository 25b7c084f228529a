import { countWebSockets } from './count-web-sockets.js';
import type { Report } from './report.js';
import { subscribe, type PageConfig, type SubscriptionLog } from './subscribe.js';
import { watchLife } from './watch-life.js';

/** Runs in the page, where the tests call it. All that goes in and out is JSON. */
export interface Harness {
  /** Subscribes. Once in a page. */
  start(config: PageConfig): void;
  report(): Report;
  visibility(): string;
  /** Keeps the thread busy for so many ms. */
  block(ms: number): void;
  /** The same, right behind the next ping. */
  blockAfterPing(ms: number): void;
  /** Measures how often timers come, from now on. */
  watchTimers(): void;
}

function createHarness(): Harness {
  const log: SubscriptionLog = {
    ...{ numbers: [], received: [], delays: [], states: [], events: [] },
    ended: undefined,
  };
  const sockets = countWebSockets();
  const life = watchLife();
  const ticks: number[] = [];
  let blockFor = 0;
  const block = (ms: number) => {
    const until = performance.now() + ms;
    while (performance.now() < until);
  };
  return {
    start(config) {
      subscribe(config, log, ({ type, direction }) => {
        if (type !== 'ping' || direction !== 'sent' || blockFor === 0) return;
        const ms = blockFor;
        blockFor = 0;
        // in this very task: the answer cannot be read before
        queueMicrotask(() => block(ms));
      });
    },
    report: () => ({ ...log, sockets, life, ticks }),
    visibility: () => document.visibilityState,
    block,
    blockAfterPing(ms) {
      blockFor = ms;
    },
    watchTimers() {
      let last = Date.now();
      setInterval(() => {
        const now = Date.now();
        ticks.push(now - last);
        last = now;
      }, 100);
    },
  };
}

Object.assign(globalThis, { harness: createHarness() });
