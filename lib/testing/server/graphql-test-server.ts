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
 *   connect: ({ connectionParams }) => (connectionParams ? { ack: { session: 1 } } : { reject: 'no token' }),
 *   keepAlive: 1_000,
 * });
 * // The client dials server.url.
 * await server.ledger.received('complete');          // the client ended its operation
 * assert.deepEqual(server.ledger.operations, []);    // the server works for no operation any more
 * server.halfOpen(5_000);                            // or drop(), close(4403, 'expired'), failDials({ status: 503 }), …
 * server.peers[0]?.close(1013);                      // closes one socket
 * server.script().at(3_000).silence().at(8_000).restart();
 * await server.stop();
 * ```
 * @example
 * ```ts
 * const server = await graphqlTestServer({
 *   script: async (peer) => {
 *     await peer.read('connection_init');            // throws when another message comes, or none
 *     peer.send({ type: 'connection_ack' });
 *     const { id } = await peer.read('subscribe');
 *     peer.send({ type: 'next', id, payload: { data: 1 } }, '{ raw', Uint8Array.of(1));
 *     for await (const message of peer) console.log(message);    // until the socket closes
 *   },
 * });
 * // The client dials server.url.
 * await server.ledger.until('opened');               // finished() waits for scripts that have begun
 * await server.finished();                           // rejects if the script failed; so does stop()
 * ```
 */
export async function graphqlTestServer(
  options: GraphQLTestServerOptions = {},
): Promise<GraphQLTestServer> {
  return createServer(options);
}
