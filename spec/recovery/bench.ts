import { graphqlSocket, type GraphQLSocketConfig } from 'rx-graphql-ws';
import { marbleSocket, type MarbleValues } from 'rx-graphql-ws/testing';
import { helpers } from '../helpers/test.js';

export const document = 'subscription ($after: Int) { k }';

/**
 * A socket object before a server that plays marbles: digits are rows of the first operation, `r` refuses it, `c` completes it. A retry
 * follows 10 ms after a loss.
 */
export function rowSocket(
  scripts: readonly string[],
  config: Partial<GraphQLSocketConfig> = {},
  values: MarbleValues = {},
) {
  const digits = Object.fromEntries(
    Array.from('123456789', (digit) => [digit, { operation: 1, data: { k: Number(digit) } }]),
  );
  const server = marbleSocket(helpers(), scripts, {
    ...digits,
    r: { error: [{ message: 'the cursor is too old' }] },
    c: { complete: true },
    ...values,
  });
  const socket = graphqlSocket({
    url: 'ws://server',
    webSocketImpl: server,
    retry: { delay: 10 },
    pingInterval: false,
    ...config,
  });
  /** The variables of each subscription that was sent. */
  const sent: unknown[] = [];
  server.operations$.subscribe(({ request }) => sent.push(request.variables));
  return { socket, server, sent };
}
