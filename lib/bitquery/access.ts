import type { Observable } from 'rxjs';
import { catchError, defer, from, isObservable, of, take, tap, throwIfEmpty } from 'rxjs';
import { type AttemptContext, ConfigurationError, type Resolvable } from 'rx-graphql-ws';
import { expected } from './checks.js';

/** The address of Bitquery, and the right to use it. */
export interface BitqueryAccess {
  /**
   * The access token (`ory_at_…`), without `Bearer`; or a function or an Observable that gives it, and that is asked before each dial and
   * each request. A function is told what ended the attempt before.
   */
  readonly token: Resolvable<string>;
  /** The part of the world. @defaultValue the endpoint without a region, in Europe */
  readonly region?: 'us' | 'asia' | undefined;
  /** Another address, such as a proxy's, in place of the region's. `http` and `ws` name the same server. */
  readonly url?: string | URL | undefined;
}

const hosts: ReadonlyMap<unknown, string> = /* @__PURE__ */ new Map([
  [undefined, ''],
  ['us', 'us.'],
  ['asia', 'asia.'],
]);

/**
 * The address, with the scheme that is asked for.
 *
 * @throws ConfigurationError - an unknown region, or no address. It does not show the address, because that may hold a secret.
 */
export function addressOf(options: Partial<BitqueryAccess>, scheme: 'ws' | 'http'): URL {
  const { region } = options;
  const host = hosts.get(region);
  if (host === undefined) throw expected('region', "'us' or 'asia'", region);
  const { url = `https://${host}streaming.bitquery.io/graphql` } = options;
  try {
    const address = new URL(url);
    const { protocol, username, password } = address;
    if (/^(ws|http)s?:$/.test(protocol) && !username && !password) {
      address.protocol = protocol.replace(/^(ws|http)/, scheme);
      address.hash = '';
      return address;
    }
  } catch {
    // no URL
  }
  const expectation =
    'an absolute URL with one of the schemes ws, wss, http, https, and without a user (if it changes, give `token` as a function)';
  throw expected('url', expectation, url, true);
}

/** The characters that a header can hold. A line break in a header would be refused by a message that shows all of it. */
function checkToken(token: unknown, others = ''): void {
  if (typeof token === 'string' && /^[!-~]+$/.test(token)) return;
  const expectation = `a token (printable, without spaces, without \`Bearer\`)${others}`;
  throw expected('token', expectation, token, true);
}

/** @throws ConfigurationError - neither a token, nor a function or an Observable. */
export function checkAccess({ token }: Partial<BitqueryAccess>): void {
  if (typeof token !== 'function' && !isObservable(token))
    checkToken(token, ', or a function or an Observable that gives one');
}

/** Asks for the token. It fails with a ConfigurationError if there is none. */
export function askForToken(
  token: Resolvable<string>,
  context: AttemptContext,
): Observable<string> {
  return defer(() => {
    const given = typeof token === 'function' ? token(context) : token;
    return typeof given === 'string' ? of(given) : from(given);
  }).pipe(
    take(1),
    throwIfEmpty(),
    catchError((cause: unknown) => {
      throw new ConfigurationError('token', '`token` gave no token', { cause });
    }),
    tap((given) => checkToken(given)),
  );
}
