import { assembleServer } from './assemble-server.js';
import { checkOptions } from './check-options.js';
import type { FaultScript } from './fault-script.js';
import { faultScripts } from './fault-scripts.js';
import { faultChecks } from './faults/fault-checks.js';
import type { ServerFaults } from './faults/server-faults.js';
import type { Truth } from './feed/truth.js';
import type { GraphQLTestServerOptions } from './graphql-test-server-options.js';
import { createLedger, type Ledger } from './ledger.js';
import type { Peer } from './peer.js';
import { runScripts } from './run-scripts.js';

/** A GraphQL server on this machine, and the levers to make it misbehave. */
export interface GraphQLTestServer extends ServerFaults, AsyncDisposable {
  /** Where it listens: `ws://127.0.0.1:<port>/graphql`, with `tls` `wss:`. The port stays the same over `stop()` and `start()`. */
  readonly url: string;
  /** Where it answers POSTs: `http://127.0.0.1:<port>/graphql`, with `tls` `https:`. */
  readonly httpUrl: string;
  /** The certificate that clients must trust as `ca`, in PEM, if `tls` asked for one to be made. */
  readonly certificate: string | undefined;
  /** What it saw and did. */
  readonly ledger: Ledger;
  /** What there was to be received from its `feed`. Without one its methods throw. */
  readonly truth: Truth;
  /** The sockets open now, in the order of their opening: each can be made to misbehave on its own. */
  readonly peers: readonly Peer[];
  /** A timed script of faults, which begins now. */
  script(): FaultScript;
  /**
   * Waits for every script begun to end, timed ones too; without the option `script`, for every socket opened to close.
   *
   * @throws the first failure of a script, an expectation of `peer.read` that was not met, say, or the first TypeError for what
   * `authorize`, `connect` or `subprotocols` must not return
   */
  finished(): Promise<void>;
  /**
   * Stops listening, drops every socket, and cancels what is left of timed scripts. When it resolves, nothing is open, and every operation
   * has ended. Dials are refused until `start()`.
   *
   * @throws the first failure that `finished()` has not told
   */
  stop(): Promise<void>;
  /** Listens again, at the same port. */
  start(): Promise<void>;
}

/**
 * Starts a GraphQL server that speaks graphql-transport-ws and the legacy `graphql-ws` on one port, for tests.
 * It executes no GraphQL: `handle` answers the operations, or `script` plays the whole conversation.
 *
 * @param options - see {@link GraphQLTestServerOptions}
 * @returns the server, listening
 * @throws Error when the port is taken
 * @throws TypeError for an option that is unknown or wrong, before anything listens
 *
 * @example
 * ```ts
 * const server = await graphqlTestServer({
 *   handle: ({ variables }) => interval(100).pipe(map((n) => ({ data: { number: n } })), take(variables.count)),
 *   connect: ({ connectionParams }) => (connectionParams ? { ack: { session: 1 } } : { reject: 'no token' }),
 *   keepAlive: 1_000,
 * });
 * // dial server.url …
 * await server.ledger.received('complete');          // the client ended its operation
 * assert.deepEqual(server.ledger.operations, []);    // nothing that it still works for
 * server.halfOpen(5_000);                            // or drop(), close(4403, 'expired'), garble('not-json'), failDials({ status: 503 }), …
 * server.peers[0]?.close(1013);                      // one socket alone
 * server.script().at(3_000).silence().at(8_000).restart();
 * await server.stop();
 * ```
 *
 * @example
 * ```ts
 * const server = await graphqlTestServer({
 *   subprotocols: [],                                // no response header; `fallback` is spoken
 *   script: async (peer) => {
 *     await peer.read('connection_init');            // throws when another message comes, or none
 *     peer.send({ type: 'connection_ack' });
 *     const [first, second] = [await peer.read('start'), await peer.read('start')];
 *     peer.send({ type: 'data', id: first.id, payload: { data: 1 } }, { type: 'complete', id: first.id }, '{ raw', Uint8Array.of(1));
 *     for await (const message of peer) console.log(second, message);    // until the socket closes
 *   },
 * });
 * // dial server.url …
 * await server.ledger.until('opened');               // finished() waits for scripts that have begun
 * await server.finished();                           // rejects if the script failed; so does stop()
 * ```
 */
export async function graphqlTestServer(
  options: GraphQLTestServerOptions = {},
): Promise<GraphQLTestServer> {
  checkOptions(options);
  const writer = createLedger(options.ledger);
  const scripts = runScripts();
  const parts = await assembleServer(options, scripts, writer);
  const { listener, peers, faults, truth, certificate } = parts;
  const timed = faultScripts(faults, options.seed ?? 1, faultChecks(options.tls !== undefined));
  const stop = async () => {
    scripts.abandon(peers);
    timed.cancel();
    await parts.stop();
    scripts.tell();
    await timed.finished();
  };
  await listener.start();
  return {
    ...faults,
    ...{ truth, certificate, ledger: writer.ledger },
    get url() {
      return listener.url;
    },
    get httpUrl() {
      return listener.httpUrl;
    },
    get peers() {
      return [...peers];
    },
    script: timed.begin,
    finished: async () => {
      await timed.finished();
      await scripts.finished();
    },
    stop,
    start: listener.start,
    [Symbol.asyncDispose]: stop,
  };
}
