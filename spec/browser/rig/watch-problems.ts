import type { CdpSession } from './cdp.js';

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
export async function watchProblems(tab: CdpSession): Promise<readonly string[]> {
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
