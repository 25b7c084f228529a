import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { after, afterEach, before } from 'mocha';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { GRAPHQL_WS, SubscriptionServer } from 'subscriptions-transport-ws';
import { WebSocketServer } from 'ws';
import { attachGraphqlWs, useGraphqlWs } from './graphql-ws-peer.js';
import { attachLegacy, legacyOptions } from './legacy-peer.js';
import {
  type AcceptedSocket,
  type AttachPeer,
  type ClientMessage,
  path,
  type PeerOptions,
  verifyClient,
} from './peer-options.js';
import { createRoot, createSeen, type Seen } from './schema.js';

/** Both libraries behind one upgrade router: the recipe in the documentation of graphql-ws. */
const attachDual: AttachPeer = (parts) => {
  const serverOptions = { noServer: true, verifyClient: verifyClient(parts) };
  const current = new WebSocketServer(serverOptions);
  useGraphqlWs(parts, current);
  const legacy = new WebSocketServer(serverOptions);
  legacy.on('connection', parts.onSocket);
  SubscriptionServer.create(legacyOptions(parts), legacy);
  parts.server.on('upgrade', (request, stream, head) => {
    const offered = request.headers['sec-websocket-protocol']?.split(',').map((s) => s.trim());
    const chosen =
      offered?.includes(GRAPHQL_WS) && !offered.includes(GRAPHQL_TRANSPORT_WS_PROTOCOL)
        ? legacy
        : current;
    chosen.handleUpgrade(request, stream, head, (socket) =>
      chosen.emit('connection', socket, request),
    );
  });
};

const current = 'graphql-transport-ws';
const legacy = 'graphql-ws';

/** The servers that a user of ours meets, the protocol that the default offers come to with each, and what is dialled for it. */
export const peers = [
  { name: 'graphql-ws', attach: attachGraphqlWs, speaks: current, dials: [[current, legacy]] },
  {
    name: 'subscriptions-transport-ws',
    attach: attachLegacy,
    speaks: legacy,
    dials: [[current, legacy], [legacy]],
  },
  {
    name: 'both behind one router',
    attach: attachDual,
    speaks: current,
    dials: [[current, legacy]],
  },
];

/** A real server on a port of its own, which it keeps over its lives. */
export interface RealPeer {
  readonly url: string;
  readonly seen: Seen;
  /** Headers of each upgrade request. */
  readonly upgrades: readonly IncomingHttpHeaders[];
  /** The subprotocols that each upgrade request offered. */
  readonly offers: readonly string[][];
  /** What the clients sent. */
  readonly received: readonly ClientMessage[];
  /** How many sockets are open now. */
  readonly connections: number;
  /** Closes every WebSocket from the server's side. */
  close(code?: number, reason?: string): void;
  /** Ends every socket without a goodbye. */
  drop(): void;
  /** The same, and refuses new ones until `start()`. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Starts real servers that are stopped after each test of the suite. */
export function usePeer(): (attach: AttachPeer, options?: PeerOptions) => Promise<RealPeer> {
  const running: RealPeer[] = [];
  const { error } = console;
  before(() => {
    // graphql-ws tells there what is done to it here
    console.error = (...values: unknown[]) => {
      if (!String(values[0]).startsWith('Internal error')) error(...values);
    };
  });
  after(() => {
    console.error = error;
  });
  afterEach(async () => {
    for (const peer of running.splice(0)) await peer.stop();
  });
  return async (attach, options = {}) => {
    const peer = await startPeer(attach, options);
    running.push(peer);
    return peer;
  };
}

async function startPeer(attach: AttachPeer, options: PeerOptions): Promise<RealPeer> {
  const seen = createSeen();
  const root = createRoot(seen);
  const upgrades: IncomingHttpHeaders[] = [];
  const received: ClientMessage[] = [];
  const streams = new Set<Socket>();
  const sockets = new Set<AcceptedSocket>();
  let server: Server | undefined;
  let port = 0;
  const start = async () => {
    server = createServer();
    server.on('upgrade', ({ headers }) => upgrades.push(headers));
    server.on('connection', (stream) => {
      streams.add(stream);
      stream.on('close', () => streams.delete(stream));
    });
    const onSocket = (socket: AcceptedSocket) => {
      sockets.add(socket);
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as ClientMessage;
        received.push(message);
        options.onMessage?.(socket, message);
      });
    };
    attach({ ...options, server, root, seen, onSocket });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  const drop = () => {
    for (const stream of streams) stream.destroy();
    sockets.clear();
  };
  await start();
  return {
    url: `ws://127.0.0.1:${port}${path}`,
    seen,
    upgrades,
    received,
    get offers() {
      return upgrades.map(
        (headers) => headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? [],
      );
    },
    get connections() {
      return streams.size;
    },
    close(code, reason) {
      for (const socket of sockets) socket.close(code, reason);
      sockets.clear();
    },
    drop,
    async stop() {
      if (!server?.listening) return;
      const closed = once(server, 'close');
      server.close();
      drop();
      await closed;
    },
    start,
  };
}
