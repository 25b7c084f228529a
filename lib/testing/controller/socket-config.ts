import type { GraphQLSocketConfig } from 'rx-graphql-ws';
import type { TestingServer } from './testing-server.js';

/**
 * The configuration of a socket object that is at the mercy of a server. What is wrong in the given one stays, for graphqlSocket to
 * refuse.
 *
 * @param config - the application's
 */
export function socketConfig(
  config: Partial<GraphQLSocketConfig>,
  { webSocketImpl, restored$ }: TestingServer,
): GraphQLSocketConfig {
  if (!isPlain(config)) return config;
  const { url = 'ws://testing', retry = {} } = config;
  return {
    ...config,
    url,
    webSocketImpl,
    codecs: undefined,
    connectTimeout: false,
    keepAliveTimeout: false,
    pingInterval: false,
    retry: isPlain(retry) ? { resetAfter: 0, ...retry, delay: () => restored$ } : retry,
  };
}

function isPlain(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]';
}
