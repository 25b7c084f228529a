import type { CdpSession } from './cdp.js';
import type { Chromium } from './chromium.js';

/** Chromium itself logs each dial that fails; a page cannot help that. */
const chromiumSays = /^WebSocket connection to '.*' failed:/;

interface Thrown {
  readonly exceptionDetails: {
    readonly text: string;
    readonly exception?: { readonly description?: string };
  };
}
interface Called {
  readonly type: string;
  readonly args: readonly { readonly value?: unknown; readonly description?: string }[];
}
interface Logged {
  readonly entry: { readonly level: string; readonly text: string };
}

/** Errors and warnings in the console of a tab, and what was thrown or rejected there and not caught; from now on. */
async function watchProblems(tab: CdpSession): Promise<readonly string[]> {
  const problems: string[] = [];
  tab.on('Runtime.exceptionThrown', (params) => {
    const { text, exception } = (params as unknown as Thrown).exceptionDetails;
    problems.push(`${text} ${exception?.description ?? ''}`);
  });
  tab.on('Runtime.consoleAPICalled', (params) => {
    const { type, args } = params as unknown as Called;
    const text = args.map(({ value, description }) => description ?? String(value)).join(' ');
    if (/error|warning|assert/.test(type)) problems.push(`console.${type}: ${text}`);
  });
  tab.on('Log.entryAdded', (params) => {
    const { level, text } = (params as unknown as Logged).entry;
    if (/error|warning/.test(level) && !chromiumSays.test(text)) problems.push(`${level}: ${text}`);
  });
  for (const domain of ['Runtime', 'Log', 'Page']) await tab.send(`${domain}.enable`);
  return problems;
}

/** A tab, in a browser context (cookies, window, network) of its own. */
export interface Tab {
  readonly session: CdpSession;
  /** Goes somewhere, and waits until it is loaded. */
  navigate(url: string): Promise<void>;
  /** The value of an expression, or of its promise, in the page. It is JSON. @throws Error - it threw. */
  evaluate(expression: string): Promise<unknown>;
  /** Another tab comes before this one. */
  cover(): Promise<void>;
  /** It comes to the front. */
  activate(): Promise<void>;
  /** What the console complained about, and what was thrown and not caught. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

export async function openTab({ cdp }: Chromium, url: string): Promise<Tab> {
  const browser = cdp.session();
  const { browserContextId } = await browser.send('Target.createBrowserContext');
  const createTab = async () => {
    const params = { url: 'about:blank', browserContextId };
    const { targetId } = await browser.send('Target.createTarget', params);
    return targetId;
  };
  const activate = async (targetId: unknown) => {
    await browser.send('Target.activateTarget', { targetId });
  };
  const targetId = await createTab();
  const attaching = { targetId, flatten: true };
  const { sessionId } = await browser.send('Target.attachToTarget', attaching);
  const session = cdp.session(String(sessionId));
  const problems = await watchProblems(session);
  await session.send('Network.enable');
  const navigate = async (to: string) => {
    // answers when the page has changed, which is before its scripts have run
    await session.send('Page.navigate', { url: to });
    await evaluate(session, `document.readyState === 'complete' || ${loaded}`);
  };
  await navigate(url);
  return {
    ...{ session, navigate, problems },
    evaluate: (expression) => evaluate(session, expression),
    cover: async () => activate(await createTab()),
    activate: () => activate(targetId),
    async close() {
      await browser.send('Target.disposeBrowserContext', { browserContextId });
    },
  };
}

const loaded = `new Promise((resolve) => addEventListener('load', () => resolve(true)))`;

async function evaluate(session: CdpSession, expression: string): Promise<unknown> {
  const { result, exceptionDetails } = (await session.send('Runtime.evaluate', {
    ...{ expression, awaitPromise: true, returnByValue: true },
  })) as {
    readonly result: { readonly value?: unknown };
    readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
  };
  if (!exceptionDetails) return result.value;
  throw new Error(`in the page: ${String(exceptionDetails.exception?.description)}`);
}
