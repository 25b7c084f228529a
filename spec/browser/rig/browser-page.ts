import type { CdpSession } from './cdp.js';
import type { Chromium } from './chromium.js';
import type { Harness } from './page/harness.js';
import { watchProblems } from './watch-problems.js';

/** A tab, in a browser context (cookies, window, network) of its own. */
export interface BrowserPage {
  /** Calls a function of the harness in the page. */
  call<K extends keyof Harness>(
    name: K,
    ...args: Parameters<Harness[K]>
  ): Promise<ReturnType<Harness[K]>>;
  /** The value of an expression in the page. */
  evaluate(expression: string): Promise<unknown>;
  /** A command of the DevTools to the page. */
  send: CdpSession['send'];
  /** Goes somewhere, and waits until it is loaded. */
  navigate(url: string): Promise<void>;
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
  /** What the console complained about, and what was thrown and not caught. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

export async function openPage({ cdp }: Chromium, url: string): Promise<BrowserPage> {
  const browser = cdp.session();
  const { browserContextId } = await browser.send('Target.createBrowserContext');
  const createTab = async () => {
    const params = { url: 'about:blank', browserContextId };
    const { targetId } = await browser.send('Target.createTarget', params);
    return targetId;
  };
  const targetId = await createTab();
  const attaching = { targetId, flatten: true };
  const { sessionId } = await browser.send('Target.attachToTarget', attaching);
  const tab = cdp.session(String(sessionId));
  const problems = await watchProblems(tab);
  await tab.send('Network.enable');
  const navigate = async (to: string) => {
    // answers when the page has changed, which is before its scripts have run
    await tab.send('Page.navigate', { url: to });
    await evaluate(tab, `document.readyState === 'complete' || ${loaded}`);
  };
  const activate = async (id: unknown) => {
    await browser.send('Target.activateTarget', { targetId: id });
  };
  const enter = async (state: string) => {
    await tab.send('Page.setWebLifecycleState', { state });
  };
  await navigate(url);
  return {
    ...{ navigate, problems, send: tab.send },
    evaluate: (expression) => evaluate(tab, expression),
    call: (name, ...args) => {
      const list = args.map((value: unknown) => JSON.stringify(value)).join();
      return evaluate(tab, `harness.${name}(${list})`) as Promise<never>;
    },
    async back() {
      await evaluate(tab, 'history.back()');
    },
    async offline(offline) {
      const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
      await tab.send('Network.emulateNetworkConditions', { offline, ...unlimited });
    },
    hide: async () => activate(await createTab()),
    show: () => activate(targetId),
    freeze: () => enter('frozen'),
    unfreeze: () => enter('active'),
    async close() {
      await browser.send('Target.disposeBrowserContext', { browserContextId });
    },
  };
}

const loaded = `new Promise((resolve) => addEventListener('load', () => resolve(true)))`;

async function evaluate(tab: CdpSession, expression: string): Promise<unknown> {
  const { result, exceptionDetails } = (await tab.send('Runtime.evaluate', {
    ...{ expression, awaitPromise: true, returnByValue: true },
  })) as {
    readonly result: { readonly value?: unknown };
    readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
  };
  if (!exceptionDetails) return result.value;
  throw new Error(`in the page: ${String(exceptionDetails.exception?.description)}`);
}
