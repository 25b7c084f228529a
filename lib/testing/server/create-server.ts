import type { Server } from 'node:net';
import { withGetters } from '../with-getters.js';
import type { Peer, ServerFaults } from './api/peer.js';
import type { GraphQLTestServerOptions, OperationHandler } from './api/options.js';
import type { GraphQLTestServer } from './api/server.js';
import { createBackfill } from './backfill.js';
import { prepareTls } from './certificates.js';
import { checked, faultsOfEach, type Run } from './check-faults.js';
import { checkOptions } from './check-options.js';
import { type Core, settle } from './core.js';
import type { ServedSocket } from './create-peer.js';
import { faultScripts } from './fault-script.js';
import { answerOperations } from './feed.js';
import { createLedger } from './ledger.js';
import { createListener } from './listener.js';
import { runScripts, type Scripts, serveSockets } from './serve-sockets.js';
import { createTokens, type Tokens } from './tokens.js';
import { createArrivals, createUpgrader } from './upgrades.js';

/** The points at which the rig of this project adds its own faults. @internal */
interface Extension {
  /** Wraps the handler of operations on sockets. */
  readonly wrapHandler: (handle: OperationHandler) => OperationHandler;
  /** Called with each dial. With `false` the server leaves the dial alone. */
  readonly onDial: Parameters<typeof createUpgrader>[4];
  /** Called with each socket before the server reads from it. */
  readonly onOpen: (socket: ServedSocket) => void;
  /** Makes further faults before the server listens. One with a published name replaces that. Their arguments are not checked. */
  readonly faults: (server: Server, published: ServerFaults) => object;
}

/** Makes a listening server. @throws TypeError when an option is unknown or wrong. @internal */
export async function createServer(
  given: GraphQLTestServerOptions,
  extension?: Extension,
): Promise<GraphQLTestServer> {
  checkOptions(given);
  const options = settle(given);
  const { ledger, write } = createLedger(options.ledger);
  const scripts = runScripts();
  const tokens = createTokens(options.tokens);
  const { handle, post, truth } = answerOperations(options);
  const { takeRefusal, rejection, faults: arrivalFaults } = createArrivals();
  const core: Core = {
    options: {
      ...options,
      handle: extension?.wrapHandler(handle) ?? handle,
      connect: (context) => rejection() ?? tokens.admitInit(context) ?? options.connect(context),
    },
    ...{ write, fail: scripts.fail, takeStream: limitStreams(options.maxStreams, tokens) },
  };
  const { peers, onSocket, ended } = serveSockets(core, scripts, extension?.onOpen);
  const { onRequest, throttle } = createBackfill(core, tokens, post);
  const { tls, certificate } = await prepareTls(options.tls);
  const onUpgrade = createUpgrader(core, tokens, takeRefusal, onSocket, extension?.onDial);
  const listener = createListener(options, tls, { onRequest, onUpgrade, ended });
  const { server, url, restart } = listener;
  const ofSockets = { ...faultsOfEach(peers), ...tokens.controls(peers) };
  const published: ServerFaults = { ...ofSockets, ...arrivalFaults, throttle, restart };
  const further = { ...extension?.faults(server, published) };
  const faultsBy = (run?: Run) => ({ ...checked(published, run), ...checked(further, run, {}) });
  const timed = faultScripts(faultsBy, options.seed);
  const testServer = {
    ...{ ...faultsBy(), truth, certificate, ledger, script: timed.begin },
    ...runServer(listener, scripts, timed, peers),
  };
  await listener.start();
  return withGetters(testServer, { url: () => url('ws'), httpUrl: () => url('http'), peers });
}

function runServer(
  { start, stop: close }: ReturnType<typeof createListener>,
  scripts: Scripts,
  timed: ReturnType<typeof faultScripts>,
  peers: () => readonly Peer[],
) {
  const stop = async () => {
    scripts.abandon(peers());
    timed.cancel();
    await close();
    scripts.tell();
    await timed.finished();
  };
  const finished = async () => {
    await timed.finished();
    await scripts.finished();
  };
  return { start, stop, finished, [Symbol.asyncDispose]: stop };
}

/** Takes a stream for a client. Returns a function that gives it back, or `undefined` at the limit of its token. */
function limitStreams(maxStreams: number | false, { tokenOf }: Tokens): Core['takeStream'] {
  const owners: unknown[] = [];
  return (context) => {
    if (maxStreams === false) return () => undefined;
    const owner = tokenOf(context);
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
