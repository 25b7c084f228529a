import { parseArgs } from 'node:util';

/** The command that the user gave. */
export type Command =
  | { readonly kind: 'help' }
  /** Runs a feed on this machine for `seconds`. */
  | { readonly kind: 'demo'; readonly seconds: number }
  /** Subscribes to an endpoint for `seconds`, or until the user interrupts. */
  | {
      readonly kind: 'endpoint';
      readonly url: string;
      readonly query: string;
      readonly variables: Readonly<Record<string, unknown>>;
      readonly seconds: number | undefined;
    }
  | { readonly kind: 'mistake'; readonly message: string };

export const usage = `Usage: npm start -- [options]

Without --url: starts a server on this machine with a feed shaped like Solana DEX trades,
subscribes to it and lets it stall, to show that the stream goes on.

Options:
  --url <url>          subscribe to this endpoint instead (ws:, wss:, http:, https:)
  --query <document>   what to ask it: a subscription, query or mutation
  --variables <json>   the document's variables, a JSON object
  --seconds <n>        stop after n seconds (default: 20; with --url: at Ctrl-C)
  --help               show this text
`;

/**
 * Reads the command line.
 *
 * @param args - without the name of the program
 * @returns the command, or the mistake in it
 */
export function parseCommandLine(args: readonly string[]): Command {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        query: { type: 'string' },
        variables: { type: 'string' },
        seconds: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    // the message does not repeat it, because it may be a URL with a token
    if (positionals.length > 0)
      throw new Error('unexpected argument: is there a --url or --query missing?');
    return values.help ? { kind: 'help' } : toCommand(values);
  } catch (error) {
    return { kind: 'mistake', message: (error as Error).message };
  }
}

interface Values {
  readonly url?: string | undefined;
  readonly query?: string | undefined;
  readonly variables?: string | undefined;
  readonly seconds?: string | undefined;
}

function toCommand({ url, query, variables, seconds }: Values): Command {
  const duration = seconds === undefined ? undefined : toSeconds(seconds);
  if (url === undefined) {
    for (const [name, value] of Object.entries({ query, variables }))
      if (value !== undefined) throw new Error(`--${name} is for an endpoint: give its --url too`);
    return { kind: 'demo', seconds: duration ?? 20 };
  }
  if (query === undefined) throw new Error('--url needs a --query');
  return {
    kind: 'endpoint',
    url: toUrl(url),
    query,
    variables: toVariables(variables ?? '{}'),
    seconds: duration,
  };
}

function toSeconds(text: string): number {
  const seconds = Number(text);
  // a timer waits for at most 2³¹ − 1 ms
  if (text.trim() !== '' && seconds > 0 && seconds <= 2_147_483) return seconds;
  throw new Error(`--seconds must be a number of seconds > 0 and ≤ 2147483, got ${quote(text)}`);
}

function toUrl(text: string): string {
  // the message does not repeat the URL, because it may have a token
  const { protocol } = URL.canParse(text) ? new URL(text) : { protocol: '' };
  if (['ws:', 'wss:', 'http:', 'https:'].includes(protocol)) return text;
  throw new Error('--url must be a URL that starts with ws:// or wss://');
}

function toVariables(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // the error below reports it
  }
  throw new Error(`--variables must be a JSON object, got ${quote(text)}`);
}

function quote(text: string): string {
  return JSON.stringify(text);
}
