import type { Observable } from 'rxjs';
import { converse, type ConversationOptions } from './converse.js';
import { createPeer } from './create-peer.js';
import type { OnSocket } from './create-upgrader.js';
import { currentDialect } from './current-dialect.js';
import type { Dialect } from './dialect.js';
import type { GraphQLTestServerOptions } from './graphql-test-server-options.js';
import type { LedgerWriter } from './ledger.js';
import { legacyDialect } from './legacy-dialect.js';
import type { Peer } from './peer.js';
import type { Answering } from './run-operations.js';
import type { Scripts } from './run-scripts.js';
import type { Rejection } from './verdict.js';

/** The sockets of a server. */
export interface AcceptedSockets {
  /** Those open now, in the order of their opening. */
  readonly peers: ReadonlySet<Peer>;
  readonly onSocket: OnSocket;
}

/**
 * Hands each socket to the server's script, or to the protocol that was selected.
 *
 * @param options - the server's
 * @param answering - what the operations are answered with
 * @param rejection - refuses a handshake while it returns something
 * @param scripts - plays the script
 * @param write - the ledger's
 */
export function acceptSockets(
  options: GraphQLTestServerOptions,
  answering: Answering,
  rejection: () => Rejection | undefined,
  scripts: Scripts,
  write: LedgerWriter['write'],
): AcceptedSockets {
  const peers = new Set<Peer>();
  const conversation = { ...withDefaults(options, rejection), ...answering };
  const { script = speak, maxBuffered = false } = options;
  // A script reads in its own time what came before.
  const history = script !== speak || options.ledger?.history !== false;
  let count = 0;
  function speak(peer: Peer): Observable<unknown> | undefined {
    const dialect = findDialect(peer.subprotocol, options);
    if (dialect) return converse(peer, dialect, conversation, write);
    peer.close(4406, 'Subprotocol not acceptable');
    return undefined;
  }
  return {
    peers,
    onSocket: (socket, stream, { url, headers }) => {
      const peer = createPeer({
        ...{ socket, stream, url, headers, write, maxBuffered, history },
        connection: ++count,
      });
      peers.add(peer);
      socket.on('close', () => peers.delete(peer));
      scripts.run(peer, script);
    },
  };
}

function findDialect(
  selected: string,
  { subprotocols, fallback = defaultFallback(subprotocols) }: GraphQLTestServerOptions,
): Dialect | undefined {
  const named = (name: string | false) =>
    [currentDialect, legacyDialect].find(({ subprotocol }) => subprotocol === name);
  return named(selected) ?? named(fallback);
}

// A server for the current protocol alone does not take an unnegotiated client for a legacy one.
function defaultFallback(subprotocols: GraphQLTestServerOptions['subprotocols'] = []) {
  const others = typeof subprotocols === 'object' && subprotocols.length > 0;
  return others && !subprotocols.includes('graphql-ws') ? false : 'graphql-ws';
}

function withDefaults(
  {
    ackDelay = 0,
    answerPings = true,
    connect,
    ignoreStop = false,
    initTimeout = 3_000,
    keepAlive = false,
    keepAliveMessage = 'ping',
    keepAlivePayload,
  }: GraphQLTestServerOptions,
  rejection: () => Rejection | undefined,
): Omit<ConversationOptions, keyof Answering> {
  return {
    ackDelay,
    answerPings,
    connect: (context) => rejection() ?? connect?.(context),
    ignoreStop,
    initTimeout,
    keepAlive,
    keepAliveMessage,
    keepAlivePayload,
  };
}
