import { map } from 'rxjs';
import type { GraphQLSocketConfig } from 'rx-graphql-ws';
import { addressOf, askForToken, type BitqueryAccess, checkAccess } from './access.js';
import { retryOptions } from './retry.js';

/** Options of {@link bitquery}: every option of a socket object may be given, too. Times are ms. */
export interface BitqueryOptions extends BitqueryAccess, Omit<GraphQLSocketConfig, 'url'> {}

/**
 * The configuration of a socket object for Bitquery's subscriptions: the token in the URL, the legacy protocol before the current one, a silence
 * of 10 s, and the refusals that another attempt may change retried, the others not.
 *
 * Options of yours replace those of the preset, but `retry` is merged: `retry.shouldRetry` is handed the decision of the preset.
 *
 * @throws ConfigurationError - `token`, `region` or `url` is missing or wrong; `graphqlSocket` checks the others.
 *
 * @example
 * ```ts
 * const socket = graphqlSocket(bitquery({ token: () => cachedToken() }));
 * socket.subscribe$('subscription { EVM(network: eth) { Blocks { Block { Number } } } }').subscribe(console.log);
 * ```
 */
export function bitquery(options: BitqueryOptions): GraphQLSocketConfig {
  const {
    token,
    region,
    url,
    retry = {},
    subprotocols = ['graphql-ws', 'graphql-transport-ws'],
    keepAliveTimeout = 10_000,
    ...others
  } = Object(options) as BitqueryOptions;
  checkAccess({ token });
  const address = addressOf({ region, url }, 'ws');
  const withToken = (given: string) => {
    address.searchParams.set('token', given);
    return address.href;
  };
  return {
    ...others,
    subprotocols,
    keepAliveTimeout,
    url:
      typeof token === 'string'
        ? withToken(token)
        : (context) => askForToken(token, context).pipe(map(withToken)),
    retry: isOptions(retry) ? retryOptions(retry) : retry,
  };
}

/** `graphqlSocket` refuses everything else that was given. */
function isOptions<T>(value: T | false): value is T {
  return typeof value === 'object' && (value as unknown) !== null;
}
