import { lastValueFrom } from 'rxjs';
import { withGetters } from '../with-getters.js';
import { acceptSockets } from './accept-sockets.js';
import { createArrivals } from './arrivals.js';
import { createBackfill } from './backfill/create-backfill.js';
import { prepareTls } from './certificates.js';
import { checkOptions } from './check-options.js';
import { faultScripts } from './fault-script.js';
import { answerOperations } from './feed/create-feed.js';
import { createLedger } from './ledger.js';
import { createListener } from './listener.js';
import type { GraphQLTestServerOptions } from './options.js';
import type { Peer } from './peer.js';
import type { Answering } from './run-operations.js';
import { runScripts, type Scripts } from './run-scripts.js';
import type { Prepared, ServerFaults } from './server-faults.js';
import { perform, socketFaults } from './socket-faults.js';
import type { Extension, GraphQLTestServer } from './test-server.js';
import { createTokens } from './tokens.js';
import { createUpgrader } from './upgrader.js';

/** Makes a listening server. @throws TypeError when an option is unknown or wrong. @internal */
export async function createServer(
  options: GraphQLTestServerOptions,
  extension?: Extension,
): Promise<GraphQLTestServer> {
  checkOptions(options);
  const { ledger, write } = createLedger(options.ledger);
  const scripts = runScripts();
  const { fail } = scripts;
  const tokens = createTokens(options.tokens);
  const { handle, post, truth } = answerOperations(options);
  const takeStream = limitStreams(options.maxStreams ?? false, tokens.tokenOf);
  const { dials, rejection, faults: arrivalFaults } = createArrivals();
  const { sockets, peers, onSocket } = acceptSockets({
    ...{ options, scripts, write, onOpen: extension?.onOpen },
    answering: { handle: extension?.wrapHandler(handle) ?? handle, takeStream },
    connect: (context) => rejection() ?? tokens.admitInit(context) ?? options.connect?.(context),
  });
  const { onRequest, throttle } = createBackfill(tokens.guardPosts(options), post, write, fail);
  const { tls, certificate } = await prepareTls(options.tls);
  const listener = createListener({
    ...{ ...options, tls, onRequest },
    onUpgrade: createUpgrader({ options, onSocket, tokens, dials, write, fail }),
    ended: () => Promise.all(peers().map(({ closed$ }) => lastValueFrom(closed$))),
  });
  const { server, url } = listener;
  const published: Prepared<ServerFaults> = {
    ...{ ...socketFaults(peers), ...arrivalFaults, ...tokens.controls(peers), throttle },
    restart: listener.restart,
  };
  const further = extension?.faults({ sockets, dials, ledger, server, published });
  const faults: Prepared<ServerFaults> = { ...published, ...further };
  const testServer = {
    ...{ ...perform<ServerFaults>(faults), truth, certificate, ledger },
    ...runServer(listener, scripts, faultScripts(faults, options.seed ?? 1), peers),
  };
  await listener.start();
  const getters = { url: () => url('ws'), httpUrl: () => url('http'), peers };
  return withGetters(testServer, getters);
}

type Listener = ReturnType<typeof createListener>;

function runServer(
  listener: Listener,
  scripts: Scripts,
  timed: ReturnType<typeof faultScripts>,
  peers: () => readonly Peer[],
) {
  const stop = async () => {
    scripts.abandon(peers());
    timed.cancel();
    await listener.stop();
    scripts.tell();
    await timed.finished();
  };
  return {
    start: listener.start,
    stop,
    script: timed.begin,
    finished: async () => {
      await timed.finished();
      await scripts.finished();
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** Takes a stream for a client. Returns a function that gives it back, or `undefined` at the limit of its owner. */
function limitStreams(
  maxStreams: number | false,
  ownerOf: (peer: Peer) => string | undefined,
): Answering['takeStream'] {
  const owners: (string | undefined)[] = [];
  return (peer) => {
    if (maxStreams === false) return () => undefined;
    const owner = ownerOf(peer);
    if (owners.filter((other) => other === owner).length >= maxStreams) return undefined;
    owners.push(owner);
    return () => void owners.splice(owners.indexOf(owner), 1);
  };
}

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
