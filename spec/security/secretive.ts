import { of } from 'rxjs';
import type { GraphQLSocketConfig, Variables } from 'rx-graphql-ws';
import { canary } from './canary.js';

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** With a secret in every place that takes one; `tls` is what the connection needs besides. */
export function secretive(url: string, tls: Variables = {}): GraphQLSocketConfig {
  return {
    url: url
      .replace('://', `://${canary}:${canary}@`)
      .concat(`?token=${canary}&${canary}#${canary}`),
    subprotocols: [
      'graphql-transport-ws',
      'graphql-ws',
      `header-${encoded({ Authorization: canary })}`,
    ],
    connectionParams: {
      token: canary,
      headers: { nested: [{ Authorization: `Bearer ${canary}` }] },
    },
    webSocketOptions: {
      headers: { Authorization: `Bearer ${canary}`, 'X-Api-Key': canary, Cookie: `sid=${canary}` },
      auth: `${canary}:${canary}`,
      passphrase: canary,
      ...tls,
    },
  };
}

/** The same, asked for anew at every attempt. */
export function refreshing(url: string, tls?: Variables): GraphQLSocketConfig {
  const { subprotocols, connectionParams, webSocketOptions, ...given } = secretive(url, tls);
  return {
    url: () => given.url as string,
    subprotocols: of(subprotocols as string[]),
    connectionParams: () => Promise.resolve(connectionParams as Variables),
    webSocketOptions: () => of(webSocketOptions as Variables),
  };
}

/** AppSync has its credentials here. */
export const extensions = {
  authorization: { Authorization: canary, host: 'example.org' },
  'x-token': canary,
};
