import type { GraphQLTestServerOptions } from './graphql-test-server-options.js';

/**
 * Negotiates as the options say.
 *
 * @param options - the server's
 * @returns a function from what was offered to the name for the response header, `undefined` for no header
 */
export function selectSubprotocol({
  subprotocols = ['graphql-transport-ws', 'graphql-ws'],
}: Pick<GraphQLTestServerOptions, 'subprotocols'>): (
  offered: readonly string[],
) => string | undefined {
  if (typeof subprotocols === 'function') return subprotocols;
  return (offered) => subprotocols.find((name) => offered.includes(name));
}
