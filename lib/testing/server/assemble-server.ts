import { lastValueFrom } from 'rxjs';
import { acceptSockets } from './accept-sockets.js';
import { createBackfill } from './backfill/create-backfill.js';
import { checkedHandler } from './checked-handler.js';
import { createUpgrader } from './create-upgrader.js';
import { createRestarter, type Restarter } from './faults/create-restarter.js';
import { isTlsFault } from './faults/dial-fault.js';
import type { ServerFaults } from './faults/server-faults.js';
import { tamperWithArrivals } from './faults/tamper-with-arrivals.js';
import { tamperWithSockets } from './faults/tamper-with-sockets.js';
import { answerOperations } from './feed/answer-operations.js';
import type { Truth } from './feed/truth.js';
import type { GraphQLTestServerOptions } from './graphql-test-server-options.js';
import type { LedgerWriter } from './ledger.js';
import { createListener, type Listener } from './listener.js';
import type { Peer } from './peer.js';
import { prepareTls } from './prepare-tls.js';
import { tamperWithResults } from './results/tamper-with-results.js';
import type { Scripts } from './run-scripts.js';
import { streamCap } from './stream-cap.js';
import { tcpConnections } from './tcp-connections.js';
import { createTokens, type Tokens } from './tokens.js';

/** A server in its parts. */
export interface ServerParts extends Pick<Restarter, 'stop'> {
  readonly listener: Omit<Listener, 'stop'>;
  readonly peers: ReadonlySet<Peer>;
  readonly faults: ServerFaults;
  readonly truth: Truth;
  readonly certificate: string | undefined;
}

/**
 * Puts together a server that does not listen yet.
 *
 * @param options - have been checked
 * @param scripts - play the option `script`
 * @param writer - of the ledger
 */
export async function assembleServer(
  options: GraphQLTestServerOptions,
  scripts: Scripts,
  { ledger, write }: LedgerWriter,
): Promise<ServerParts> {
  const { arrivals, faults: arrivalFaults } = tamperWithArrivals(options.tls !== undefined);
  const { dials, handshakes } = arrivals;
  const { take, reset, destroy } = tcpConnections(() => dials.takeIf(isTlsFault) !== undefined);
  const { fail } = scripts;
  const tokens = createTokens(options.tokens);
  const { answering, post, truth, faults: resultFaults } = answerWith(options, tokens);
  const { peers, onSocket } = acceptSockets({
    ...{ options, answering, scripts, ledger, write, reset },
    arrivals: {
      handshakes,
      rejection: (context) => arrivals.rejection() ?? tokens.admitInit(context),
    },
  });
  const upgrader = createUpgrader(options, onSocket, tokens, { dials, reset }, write, fail);
  const { onRequest, throttle } = createBackfill(tokens.guardPosts(options), post, write, fail);
  const { tls, certificate } = await prepareTls(options.tls);
  const listener = createListener({ ...options, tls }, upgrader, onRequest, { take, destroy });
  const { stop, restart } = createRestarter({
    start: listener.start,
    stop: async () => {
      await listener.stop();
      await ended(peers);
    },
  });
  const faults = {
    ...tamperWithSockets(peers),
    ...arrivalFaults,
    ...resultFaults,
    ...tokens.controls(peers),
    throttle,
    restart,
  };
  return { listener, stop, peers, faults, truth, certificate };
}

/** Waits until the server works for none of them any more. */
async function ended(peers: ReadonlySet<Peer>): Promise<void> {
  await Promise.all(Array.from(peers, ({ closed$ }) => lastValueFrom(closed$)));
}

function answerWith(options: GraphQLTestServerOptions, tokens: Pick<Tokens, 'tokenOf'>) {
  const { handle, post, truth } = answerOperations({
    ...options,
    handle: options.handle && checkedHandler(options.handle),
  });
  const { faults, openOutlet } = tamperWithResults();
  const cap = streamCap(options.maxStreams ?? false);
  const takeStream = (peer: Peer) => cap.take(tokens.tokenOf(peer));
  return { answering: { handle, openOutlet, takeStream }, post, truth, faults };
}
