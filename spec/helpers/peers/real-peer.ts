import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { after, afterEach, before } from 'mocha';
import { attachDual } from './dual-peer.js';
import { attachGraphqlWs } from './graphql-ws-peer.js';
import { attachLegacy } from './legacy-peer.js';
import type { AcceptedSocket, AttachPeer, PeerOptions } from './peer-options.js';
import { path } from './peer-options.js';
import { createRoot, createSeen, type Seen } from './schema.js';

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
  /** How many sockets are open now. */
  readonly connections: number;
  /** Closes every WebSocket from the server's side. */
  close(code?: number, reason?: string): void;
  /** Ends every socket without a goodbye, and refuses new ones until `start()`. */
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
    attach({ ...options, server, root, seen, onSocket: (socket) => sockets.add(socket) });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  await start();
  return {
    url: `ws://127.0.0.1:${port}${path}`,
    seen,
    upgrades,
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
    async stop() {
      if (!server?.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const stream of streams) stream.destroy();
      sockets.clear();
      await closed;
    },
    start,
  };
}
