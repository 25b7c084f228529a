import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { seededRandom } from 'rx-graphql-ws/testing/server';
import { listen } from '../net/upgrade-server.js';
import { createLane, type Lane } from './lane.js';
import { createLink, type Link } from './link.js';

/** A TCP proxy on this machine, with a network between its two sides that can be made to misbehave. */
export interface FaultyProxy {
  readonly port: number;
  /** `ws://127.0.0.1:<port>/graphql`. */
  readonly url: string;
  /** From the client to the server. */
  readonly up: Lane;
  /** From the server to the client. */
  readonly down: Lane;
  /** How many connections there were. */
  readonly accepted: number;
  /** Connections that are not over yet. */
  readonly open: number;
  /** Bytes that it holds. */
  readonly held: number;
  /** Ends all connections, and refuses those to come. */
  disable(): Promise<void>;
  /** Accepts again, at the same port. */
  enable(): Promise<void>;
  /** For good. */
  stop(): Promise<void>;
}

interface Pair {
  readonly links: readonly Link[];
  readonly reset: () => void;
}

/** Listens, and passes on to a port of this machine. What is random is the same for the same seed and the nth connection. */
export async function faultyProxy(target: number, { seed = 1 } = {}): Promise<FaultyProxy> {
  const [up, down] = [createLane(), createLane()];
  const pairs = new Set<Pair>();
  let accepted = 0;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    accepted += 1;
    const origin = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const over = new AbortController();
    const ends = endsOf(client, origin, over);
    const link = (source: Socket, sink: Socket, lane: number) =>
      createLink(source, sink, seededRandom(seed * 2_003 + accepted * 2 + lane), ends);
    const links = [link(client, origin, 0), link(origin, client, 1)] as const;
    const pair = { links, reset: ends.reset };
    pairs.add(pair);
    over.signal.addEventListener('abort', () => pairs.delete(pair));
    up.join(links[0]);
    down.join(links[1]);
  });
  const { port, url } = await listen(server);
  const disable = async () => {
    for (const pair of pairs) pair.reset();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  return {
    ...{ port, url, up, down },
    get accepted() {
      return accepted;
    },
    get open() {
      return pairs.size;
    },
    get held() {
      return [...pairs].flatMap(({ links }) => links).reduce((sum, { held }) => sum + held, 0);
    },
    disable,
    enable: async () => {
      await listen(server, port);
    },
    stop: disable,
  };
}

/** How both sockets of a connection end at once. It is over when both have closed, however that came. */
function endsOf(client: Socket, origin: Socket, over: AbortController) {
  const sockets = [client, origin];
  const leave = (end: (socket: Socket) => void) => () => {
    over.abort();
    for (const socket of sockets) end(socket);
  };
  for (const socket of sockets)
    socket.on('close', () => {
      if (sockets.every(({ closed }) => closed)) over.abort();
    });
  return {
    over: over.signal,
    finish: leave((socket) => socket.destroySoon()),
    reset: leave((socket) => socket.resetAndDestroy()),
  };
}
