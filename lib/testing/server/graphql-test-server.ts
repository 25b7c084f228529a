import { createServer } from './create-server.js';
import type { GraphQLTestServerOptions } from './options.js';
import type { GraphQLTestServer } from './test-server.js';

/**
 * Starts a GraphQL server for tests, which speaks graphql-transport-ws and the legacy `graphql-ws` on one port. It executes no GraphQL:
 * `handle` or `feed` answers the operations, or `script` plays the whole conversation.
 * @returns the listening server
 * @throws Error when the port is taken
 * @throws TypeError when an option is unknown or wrong, before the server listens
 * @example
 * ```ts
 * const server = await graphqlTestServer({
 *   handle: ({ variables }) => interval(100).pipe(map((n) => ({ data: { number: n } })), take(variables.count)),
 *   keepAlive: 1_000,
 * });
 * // The client dials server.url.
 * await server.ledger.received('complete');          // the client ended its operation
 * server.halfOpen(5_000);                            // or drop(), close(4403, 'expired'), failDials({ status: 503 }), …
 * server.script().at(3_000).silence().at(8_000).restart();
 * await server.stop();
 * ```
 */
export async function graphqlTestServer(
  options: GraphQLTestServerOptions = {},
): Promise<GraphQLTestServer> {
  return createServer(options);
}
