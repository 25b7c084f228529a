import { isText } from './check.js';
import type { GraphQLTestServerOptions } from './graphql-test-server-options.js';
import { mustReturn } from './must-return.js';

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
  if (typeof subprotocols === 'function')
    return (offered) => {
      const name = subprotocols(offered);
      nameOrNone('subprotocols', name);
      return name;
    };
  return (offered) => subprotocols.find((name) => offered.includes(name));
}

const nameOrNone = mustReturn('a name or undefined', (name) => name === undefined || isText(name));
