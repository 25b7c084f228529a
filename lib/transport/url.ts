import { ConfigurationError } from '../errors.js';
import { kindOf } from '../validate.js';

/** An absolute `ws:` or `wss:` URL without a fragment. @throws ConfigurationError - it names no more than scheme and host: the rest may be secret. */
export function webSocketUrl(url: unknown): string {
  const parsed = parse(url);
  if (parsed && /^(?:http|ws)s?:$/.test(parsed.protocol)) {
    parsed.protocol = parsed.protocol.replace('http', 'ws');
    parsed.hash = '';
    return parsed.href;
  }
  const got = parsed ? `\`${parsed.protocol}//${parsed.host}\`` : `${kindOf(url)} that is no URL`;
  throw new ConfigurationError('url', `expected \`url\` to be a ws: or wss: URL, got ${got}`);
}

/** The part of a URL that may be shown. */
export function publicUrl(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function parse(url: unknown): URL | undefined {
  if (typeof url !== 'string' && !(url instanceof URL)) return undefined;
  try {
    // in a page a relative URL means the page's own server
    return new URL(url, (globalThis as { location?: { href: string } }).location?.href);
  } catch {
    return undefined;
  }
}
