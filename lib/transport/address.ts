import { ConfigurationError } from '../errors.js';
import { kindOf, must } from '../validate.js';

/** An absolute `ws:` or `wss:` URL without a fragment. @throws ConfigurationError - it names no more than scheme and host: the rest may be secret. */
export function webSocketUrl(url: unknown): URL {
  let got = kindOf(url);
  if (typeof url === 'string' || url instanceof URL) {
    try {
      // in a page a relative URL means the page's own server
      const parsed = new URL(url, (globalThis as { location?: { href: string } }).location?.href);
      parsed.hash = '';
      parsed.protocol = parsed.protocol.replace('http', 'ws');
      if (/^wss?:$/.test(parsed.protocol)) return parsed;
      got = `\`${parsed.protocol}//${parsed.host}\``;
    } catch {
      got += ' that is no URL';
    }
  }
  throw new ConfigurationError('url', `expected \`url\` to be a ws: or wss: URL, got ${got}`);
}

/** The part of a URL that may be shown. */
export function publicUrl({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}

/** The subprotocols that are offered by default: the current protocol before the legacy one. */
export const defaultSubprotocols: readonly string[] = ['graphql-transport-ws', 'graphql-ws'];

/** RFC 9110's token, which RFC 6455 section 4.1 asks of each name. */
const token = /^[\w!#$%&'*+.^`|~-]+$/;

/** One of the names must be spoken, if any is offered. @throws ConfigurationError */
export function checkSpoken(names: readonly string[], dialects: readonly string[]): void {
  const spoken = [...defaultSubprotocols, ...dialects];
  if (names.length === 0 || names.some((name) => spoken.includes(name))) return;
  const message = `\`subprotocols\` names none that is spoken: add one of ${spoken.join(', ')}, or a codec to \`codecs\``;
  throw new ConfigurationError('subprotocols', message);
}

/** The names are not shown: one may hold credentials (`header-…`). */
export const checkSubprotocols = must(
  'a list of distinct subprotocol names',
  (value) =>
    Array.isArray(value) &&
    new Set(value).size === value.length &&
    value.every((name) => typeof name === 'string' && token.test(name)),
  true,
);
