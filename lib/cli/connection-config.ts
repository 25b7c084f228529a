import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { GraphQLSocketConfig } from 'rx-graphql-ws';
import type { ConnectionOptions } from './connection-options.js';
import { parseDuration } from './duration.js';
import { codeOf, parsePairs, splitPair } from './key-value.js';
import { hasPlaceholder, type Secrets } from './secrets.js';
import { tlsOptions } from './tls-options.js';
import { UsageError } from './usage-error.js';

/** ms for the goodbye of the server. */
const closeTimeout = 1_000;

/**
 * The configuration of a socket object by the options.
 *
 * @throws UsageError - an option is wrong, or a file cannot be read
 */
export function connectionConfig(
  url: string,
  options: ConnectionOptions,
  secrets: Secrets,
): GraphQLSocketConfig {
  const { header = [], param = [], connectTimeout, subprotocol, tokenFile } = options;
  const headers = Object.fromEntries(header.map((text) => splitPair('--header', text)));
  const params = parsePairs('--param', param);
  const { fill, isFromFile } = secrets;
  if (tokenFile !== undefined && !hasPlaceholder([url, headers, params]))
    throw new UsageError('--token-file needs {token} in the URL, a --header or a --param');
  hideAll(url, headers, params, secrets);
  // a wrong URL or a missing token is to be told before anything is dialled
  checkUrl(fill(url, encodeURIComponent));
  checkHeaders(fill(headers));
  const webSocketOptions = { ...tlsOptions(options), headers };
  const fresh = <T>(value: T, encode?: (token: string) => string) => {
    const filling = () => {
      const filled = fill(value, encode);
      // the token within its header, too
      const { headers = filled } = Object(filled) as { headers?: unknown };
      if (typeof value === 'object') secrets.hide(...textsIn(headers));
      return filled;
    };
    const filled = filling();
    return isFromFile && hasPlaceholder(value) ? filling : filled;
  };
  return {
    url: fresh(url, encodeURIComponent),
    webSocketOptions: fresh(webSocketOptions),
    ...(param.length > 0 && { connectionParams: fresh(params) }),
    ...(subprotocol && { subprotocols: subprotocol }),
    ...(connectTimeout !== undefined && {
      connectTimeout: parseDuration('--connect-timeout', connectTimeout),
    }),
    closeTimeout,
  };
}

/** The message does not repeat a value, because it may be secret. */
function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers))
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch (error) {
      throw new UsageError(
        codeOf(error) === 'ERR_INVALID_CHAR'
          ? `--header: the value of ${name} has a character that no header has, such as a line break; encode it`
          : `--header: a name has letters, digits and - alone, as in 'X-User: ada'`,
      );
    }
}

/** The message does not repeat the URL, because it may have a token. */
function checkUrl(text: string): void {
  const { protocol } = URL.canParse(text) ? new URL(text) : { protocol: '' };
  if (['ws:', 'wss:', 'http:', 'https:'].includes(protocol)) return;
  throw new UsageError(
    'the first argument must be a URL that begins with ws:// or wss://, and has a host',
  );
}

/** Hides the values on the command line, because they may be secret, too. */
function hideAll(url: string, headers: object, params: object, secrets: Secrets): void {
  const words = Object.values(headers)
    .map(String)
    .flatMap((value) => [value, ...value.split(' ')]);
  secrets.hide(...[...words, ...textsIn(params), ...urlSecrets(url)].filter(isLiteral));
}

const isLiteral = (text: string) => !hasPlaceholder(text);

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value ? Object.values(value).flatMap(textsIn) : [];
}

function urlSecrets(text: string): readonly string[] {
  if (!URL.canParse(text)) return [];
  const { username, password, searchParams } = new URL(text);
  const [name, word] = [username, password].map(decoded);
  // as `Authorization` has them
  return [username, password, `${name}:${word}`, ...searchParams.values()];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
