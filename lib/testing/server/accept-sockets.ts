import { createPeer, type ServedSocket } from './create-peer.js';
import { currentDialect, type Dialect, legacyDialect } from './dialects.js';
import type { HandshakeOptions } from './handshake.js';
import type { LedgerWriter } from './ledger.js';
import type { GraphQLTestServerOptions } from './options.js';
import type { Answering } from './run-operations.js';
import type { Scripts } from './run-scripts.js';
import { serveConnection } from './serve-connection.js';
import type { OnSocket } from './upgrader.js';

interface AcceptingParts extends Pick<LedgerWriter, 'write'> {
  readonly options: GraphQLTestServerOptions;
  readonly answering: Answering;
  readonly connect: HandshakeOptions['connect'];
  readonly scripts: Scripts;
  /** Called with each socket before the server reads from it. */
  readonly onOpen: ((socket: ServedSocket) => void) | undefined;
}

export function acceptSockets(parts: AcceptingParts) {
  const { options, scripts, write, onOpen } = parts;
  const sockets = new Set<ServedSocket>();
  const settled = { ...withDefaults(options), connect: parts.connect, ...parts.answering };
  const { script, maxBuffered = false } = options;
  // A script reads the past messages when it comes to them.
  const history = script !== undefined || options.ledger?.history !== false;
  const speak = (served: ServedSocket) => {
    if (served.dialect) return serveConnection(served, served.dialect, settled, write);
    served.peer.close(4406, 'Subprotocol not acceptable');
    return undefined;
  };
  let count = 0;
  const onSocket: OnSocket = (socket, stream, { url, headers }) => {
    const connection = ++count;
    const dialect = findDialect(socket.protocol, options);
    const own = { socket, stream, url, headers, connection, dialect };
    const served = createPeer({ ...own, write, maxBuffered, history });
    sockets.add(served);
    socket.on('close', () => sockets.delete(served));
    onOpen?.(served);
    if (script) scripts.run(served.peer, script);
    else scripts.run(served.peer, () => speak(served), 'Internal server error');
  };
  return {
    sockets: sockets as ReadonlySet<ServedSocket>,
    peers: () => Array.from(sockets, ({ peer }) => peer),
    onSocket,
  };
}

function findDialect(
  selected: string,
  { fallback = false }: GraphQLTestServerOptions,
): Dialect | undefined {
  const named = (name: string | false) =>
    [currentDialect, legacyDialect].find(({ subprotocol }) => subprotocol === name);
  return named(selected) ?? named(fallback);
}

function withDefaults({
  ackDelay = 0,
  answerPings = true,
  ignoreStop = false,
  initTimeout,
  keepAlive = false,
  keepAliveJitter = 0,
  keepAliveMessage = 'ping',
  keepAlivePayload,
  seed = 1,
}: GraphQLTestServerOptions) {
  return {
    ...{ ackDelay, answerPings, ignoreStop, initTimeout, seed },
    ...{ keepAlive, keepAliveJitter, keepAliveMessage, keepAlivePayload },
  };
}
