import type { CdpSession } from './cdp.js';
import type { Chromium } from './chromium.js';
import type { Harness } from './page/harness.js';
import { openTab, type Tab } from './tab.js';

/** A tab with the harness in its page. */
export interface BrowserPage extends Pick<Tab, 'navigate' | 'evaluate' | 'problems' | 'close'> {
  /** Calls a function of the harness in the page. */
  call<K extends keyof Harness>(
    name: K,
    ...args: Parameters<Harness[K]>
  ): Promise<ReturnType<Harness[K]>>;
  /** A command of the DevTools to the page. */
  send: CdpSession['send'];
  /** `history.back()`, without waiting for anything: a page out of the cache does not load. */
  back(): Promise<void>;
  /** Takes the link away, or gives it back: the page gets the event, and sockets nothing more, though they stay open. */
  offline(offline: boolean): Promise<void>;
  /** Another tab comes before this one. */
  hide(): Promise<void>;
  show(): Promise<void>;
  /** A hidden page alone can be frozen. */
  freeze(): Promise<void>;
  unfreeze(): Promise<void>;
}

export async function openPage(chromium: Chromium, url: string): Promise<BrowserPage> {
  const tab = await openTab(chromium, url);
  const enter = async (state: string) => {
    await tab.session.send('Page.setWebLifecycleState', { state });
  };
  return {
    ...tab,
    send: tab.session.send,
    call: (name, ...args) => {
      const list = args.map((value: unknown) => JSON.stringify(value)).join();
      return tab.evaluate(`harness.${name}(${list})`) as Promise<never>;
    },
    async back() {
      await tab.evaluate('history.back()');
    },
    async offline(offline) {
      const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
      await tab.session.send('Network.emulateNetworkConditions', { offline, ...unlimited });
    },
    hide: () => tab.cover(),
    show: () => tab.activate(),
    freeze: () => enter('frozen'),
    unfreeze: () => enter('active'),
  };
}
