import { ConfigurationError } from '../errors.js';
import { kindOf, must } from '../validate.js';

/** Scheme, credentials, host with path, and the rest. URL parsers take a backslash for a slash, and any number of slashes for two. */
const shape = /^(wss?:)[/\\]*(?:[^/\\?#]*@)?([^/\\?#@]+(?:[/\\][^?#]*)?)(?:\?[^]*)?$/i;

const page = () => (globalThis as { location?: Partial<Location> }).location ?? {};

/**
 * An absolute `ws:` or `wss:` URL without a fragment. It is made as a text, because the `URL` of React Native has getters only, and adds
 * slashes.
 *
 * @throws ConfigurationError - it names no more than scheme and host: the rest may be secret.
 */
export function webSocketUrl(url: unknown): string {
  let got = kindOf(url);
  if (typeof url === 'string' || url instanceof URL) {
    const base = page().href;
    // URL parsers pass over these
    const text = String(url)
      .trim()
      .replace(/[\t\n\r]/g, '');
    const isRelative = !/^[a-z][\w+.-]*:/i.test(text);
    if (isRelative && !base)
      got += ' that is relative to a page, and there is no page: give the whole URL';
    else {
      try {
        const parsed = new URL(text, base);
        const href = (isRelative ? parsed.href : text)
          .replace(/#[^]*/, '')
          .replace(/^\w+/, (scheme) => scheme.toLowerCase().replace('http', 'ws'));
        if (shape.test(href)) return href;
        got = `\`${parsed.protocol}//${parsed.host}\``;
      } catch {
        got += ' that is no URL';
      }
    }
  }
  throw new ConfigurationError('url', `expected \`url\` to be a ws: or wss: URL, got ${got}`);
}

/** The part of a URL that may be shown. */
export function publicUrl(url: string): string {
  return url.replace(shape, '$1//$2');
}

/** Says, as the end of a message, that a browser may have blocked the URL. */
export function mixedContent(url: string): string {
  return page().protocol === 'https:' && /^ws:/i.test(url)
    ? ' (mixed content: a page of https: needs wss:)'
    : '';
}

/** The subprotocols that are offered by default: the current protocol before the legacy one. */
export const defaultSubprotocols: readonly string[] = ['graphql-transport-ws', 'graphql-ws'];

/** RFC 9110's token, which RFC 6455 section 4.1 asks of each name. */
const token = /^[\w!#$%&'*+.^`|~-]+$/;

/** The subprotocols that are spoken. */
export const spokenWith = (dialects: readonly string[] = []) => [
  ...defaultSubprotocols,
  ...dialects,
];

/** One of the names must be spoken, if any is offered. @throws ConfigurationError */
export function checkSpoken(names: readonly string[], dialects: readonly string[]): void {
  const spoken = spokenWith(dialects);
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
