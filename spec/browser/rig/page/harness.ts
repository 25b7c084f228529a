import type { Happening, PageSocket, Report } from './report.js';
import { type PageConfig, subscribe, type SubscriptionLog } from './subscribe.js';

/** What happens to the page from now on. */
function watchLife(): readonly Happening[] {
  const life: Happening[] = [];
  const note = (type: string) => life.push({ type, at: Date.now() });
  const noteEvent = ({ type }: Event) => note(type);
  const noteTransition = ({ type, persisted }: PageTransitionEvent) =>
    note(persisted ? `${type} persisted` : type);
  addEventListener('offline', noteEvent);
  addEventListener('online', noteEvent);
  document.addEventListener('freeze', noteEvent);
  document.addEventListener('resume', noteEvent);
  document.addEventListener('visibilitychange', () => note(document.visibilityState));
  addEventListener('pagehide', noteTransition);
  addEventListener('pageshow', noteTransition);
  return life;
}

/** Has the page's WebSocket tell, from now on, of each that is constructed. */
function countWebSockets(): readonly PageSocket[] {
  const sockets: PageSocket[] = [];
  const Original = globalThis.WebSocket;
  globalThis.WebSocket = class extends Original {
    constructor(url: string | URL, protocols?: string | string[]) {
      const older = sockets.map(({ readyState }) => readyState);
      super(url, protocols);
      const stateOf = () => this.readyState;
      const events: PageSocket['events'][number][] = [];
      sockets.push({
        ...{ at: Date.now(), older, events },
        get readyState() {
          return stateOf();
        },
      });
      for (const type of ['open', 'error', 'close'])
        this.addEventListener(type, (event) => {
          const { code } = event as Partial<CloseEvent>;
          events.push({ type, at: Date.now(), code });
        });
    }
  };
  return sockets;
}

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
