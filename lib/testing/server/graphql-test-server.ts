import { acceptSockets } from './accept-sockets.js';
import { createBackfill } from './backfill/create-backfill.js';
import { checkOptions } from './check-options.js';
import { checkedHandler } from './checked-handler.js';
import { createUpgrader } from './create-upgrader.js';
import type { FaultScript } from './fault-script.js';
import { faultScripts } from './fault-scripts.js';
import { createRestarter } from './faults/create-restarter.js';
import { isTlsFault } from './faults/dial-fault.js';
import type { ServerFaults } from './faults/server-faults.js';
import { tamperWithArrivals } from './faults/tamper-with-arrivals.js';
import { tamperWithSockets } from './faults/tamper-with-sockets.js';
import { answerOperations } from './feed/answer-operations.js';
import type { Truth } from './feed/truth.js';
import type { GraphQLTestServerOptions } from './graphql-test-server-options.js';
import { createLedger, type Ledger } from './ledger.js';
import { createListener } from './listener.js';
import type { Peer } from './peer.js';
import { prepareTls } from './prepare-tls.js';
import { tamperWithResults } from './results/tamper-with-results.js';
import { runScripts } from './run-scripts.js';
import { streamCap } from './stream-cap.js';
import { tcpConnections } from './tcp-connections.js';
import { createTokens } from './tokens.js';

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
  /** The sockets open now, in the order of their opening: each can be sent to, closed, dropped and stalled on its own. */
  readonly peers: readonly Peer[];
  /** A timed script of faults, which begins now. */
  script(): FaultScript;
  /**
   * Waits for every script begun to end, timed ones too; without the option `script`, for every socket opened to close.
   *
   * @throws the first failure of a script, an expectation of `peer.read` that was not met, say
   */
  finished(): Promise<void>;
  /**
   * Stops listening, drops every socket, and cancels what is left of timed scripts; leaves nothing open. Dials are refused until `start()`.
   *
   * @throws the first failure of a script that `finished()` has not told
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
 * server.stall();                                    // half-open: also drop(), close(4403, 'expired'), reject(), send('{'), stop() and start()
 * server.peers[0]?.close(1013);                      // one socket alone
 * assert.deepEqual(server.ledger.operations, []);    // nothing that it still works for
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
 * await server.finished();                           // rejects if the script failed; so does stop()
 * ```
 */
export async function graphqlTestServer(
  options: GraphQLTestServerOptions = {},
): Promise<GraphQLTestServer> {
  checkOptions(options);
  const { ledger, write } = createLedger(options.ledger);
  const scripts = runScripts();
  const { arrivals, faults: arrivalFaults } = tamperWithArrivals(options.tls !== undefined);
  const tcp = tcpConnections(() => arrivals.dials.takeIf(isTlsFault) !== undefined);
  const { handle, post, truth } = answerOperations({
    ...options,
    handle: options.handle && checkedHandler(options.handle),
  });
  const { faults: resultFaults, openOutlet } = tamperWithResults();
  const tokens = createTokens(options.tokens);
  const cap = streamCap(options.maxStreams ?? false);
  const answering = {
    ...{ handle, openOutlet },
    takeStream: (peer: Peer) => cap.take(tokens.tokenOf(peer)),
  };
  const { peers, onSocket } = acceptSockets({
    ...{ options, answering, scripts, ledger, write },
    reset: tcp.reset,
    arrivals: {
      ...arrivals,
      rejection: (context) => arrivals.rejection() ?? tokens.admitInit(context),
    },
  });
  const dialFaults = { dials: arrivals.dials, reset: tcp.reset };
  const upgrader = createUpgrader(options, onSocket, tokens, dialFaults, write);
  const { onRequest, throttle } = createBackfill(tokens.guardPosts(options), post, write);
  const { tls, certificate } = await prepareTls(options.tls);
  const listener = createListener({ ...options, tls }, upgrader, onRequest, tcp);
  const { stop: takeDown, restart } = createRestarter(listener);
  const faults: ServerFaults = {
    ...tamperWithSockets(peers),
    ...arrivalFaults,
    ...resultFaults,
    ...tokens.controls(peers),
    throttle,
    restart,
  };
  const timed = faultScripts(faults, options.seed ?? 1);
  const stop = async () => {
    scripts.abandon(peers);
    timed.cancel();
    await takeDown();
    scripts.tell();
    await timed.finished();
  };
  await listener.start();
  return {
    ...faults,
    script: timed.begin,
    certificate,
    get url() {
      return listener.url;
    },
    get httpUrl() {
      return listener.httpUrl;
    },
    truth,
    ledger,
    get peers() {
      return [...peers];
    },
    finished: async () => {
      await timed.finished();
      await scripts.finished();
    },
    stop,
    start: () => listener.start(),
    [Symbol.asyncDispose]: stop,
  };
}
