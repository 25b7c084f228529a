import type { Duplex } from 'node:stream';
import { converse, type ConversationOptions } from './converse.js';
import { createPeer } from './create-peer.js';
import type { OnSocket } from './create-upgrader.js';
import { currentDialect } from './current-dialect.js';
import type { Dialect } from './dialect.js';
import type { FaultQueue } from './faults/fault-queue.js';
import type { HandshakeFault } from './faults/handshake-fault.js';
import type { GraphQLTestServerOptions } from './graphql-test-server-options.js';
import type { LedgerWriter } from './ledger.js';
import { legacyDialect } from './legacy-dialect.js';
import type { ConnectionContext } from './operation-handler.js';
import type { Peer } from './peer.js';
import type { Answering } from './run-operations.js';
import type { Scripts } from './run-scripts.js';
import type { ServedPeer } from './served-peer.js';
import type { Rejection } from './verdict.js';

/** What it takes to accept sockets. */
export interface AcceptingParts extends LedgerWriter {
  readonly options: GraphQLTestServerOptions;
  /** What the operations are answered with. */
  readonly answering: Answering;
  readonly arrivals: HandshakeControls;
  /** Play the script. */
  readonly scripts: Scripts;
  /** Ends a TCP connection with RST. */
  readonly reset: (stream: Duplex) => void;
}

/** What becomes of handshakes. */
interface HandshakeControls {
  readonly handshakes: FaultQueue<HandshakeFault>;
  /** Refuses a handshake where it returns something. */
  rejection(context: ConnectionContext): Rejection | undefined;
}

/** The sockets of a server. */
export interface AcceptedSockets {
  /** Those open now, in the order of their opening. */
  readonly peers: ReadonlySet<Peer>;
  readonly onSocket: OnSocket;
}

/** Hands each socket to the server's script, or to the protocol that was selected. */
export function acceptSockets(parts: AcceptingParts): AcceptedSockets {
  const { options, scripts, ledger, write, reset } = parts;
  const peers = new Set<Peer>();
  const conversation = { ...withDefaults(options, parts.arrivals), ...parts.answering };
  const { script, maxBuffered = false } = options;
  // A script reads in its own time what came before.
  const history = script !== undefined || options.ledger?.history !== false;
  const speak = (peer: ServedPeer, dialect: Dialect | undefined) => {
    if (dialect) return converse(peer, dialect, conversation, write);
    peer.close(4406, 'Subprotocol not acceptable');
    return undefined;
  };
  let count = 0;
  return {
    peers,
    onSocket: (socket, stream, { url, headers }, lie) => {
      const connection = ++count;
      const selected = findDialect(socket.protocol, options);
      const dialect = lie === 'other-dialect' && selected ? otherThan(selected) : selected;
      const peer = createPeer({
        ...{ socket, stream, url, headers, connection, write, maxBuffered, history },
        wording: dialect ?? currentDialect,
        liveId: () =>
          ledger.operations.find((operation) => operation.connection === connection)?.id,
        reset: () => {
          reset(stream);
        },
      });
      peers.add(peer);
      socket.on('close', () => peers.delete(peer));
      if (script) scripts.run(peer, script);
      else scripts.run(peer, () => speak(peer, dialect), 'Internal server error');
    },
  };
}

function otherThan(dialect: Dialect): Dialect {
  return dialect === currentDialect ? legacyDialect : currentDialect;
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
    keepAliveJitter = 0,
    keepAliveMessage = 'ping',
    keepAlivePayload,
    seed = 1,
  }: GraphQLTestServerOptions,
  { rejection, handshakes }: HandshakeControls,
): Omit<ConversationOptions, keyof Answering> {
  return {
    ackDelay,
    answerPings,
    connect: (context) => rejection(context) ?? connect?.(context),
    ignoreStop,
    initTimeout,
    keepAlive,
    keepAliveJitter,
    keepAliveMessage,
    keepAlivePayload,
    seed,
    nextFault: () => handshakes.take(),
  };
}
