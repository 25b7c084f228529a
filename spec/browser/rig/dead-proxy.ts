import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP path to a server on this machine that can go dead. */
export interface DeadProxy {
  readonly port: number;
  /** When connections were made, in ms since the epoch. */
  readonly accepted: readonly number[];
  /** Nothing passes any more, neither bytes nor ends; new connections are accepted, and get nothing, ever. */
  die(): void;
  /** New connections work; those of before stay dead. */
  heal(): void;
  /** What was held back on dead connections arrives. */
  thaw(): void;
  /** RST on every connection. */
  reset(): void;
  stop(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

export async function startDeadProxy(target: number): Promise<DeadProxy> {
  const sockets = new Set<Socket>();
  const alive = new Set<Pair>();
  const frozen = new Set<Pair>();
  const accepted: number[] = [];
  let dead = false;

  const keep = (socket: Socket, other?: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      other?.destroy();
    });
  };
  const join = ({ near, far }: Pair) => {
    near.pipe(far);
    far.pipe(near);
  };
  const server = createServer({ pauseOnConnect: true }, (near) => {
    accepted.push(Date.now());
    if (dead) {
      keep(near);
      // read, or the client's leaving would go unseen; nothing is ever said
      near.resume();
      return;
    }
    const pair = { near, far: connect(target, '127.0.0.1') };
    keep(near, pair.far);
    keep(pair.far, near);
    alive.add(pair);
    join(pair);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    accepted,
    die() {
      dead = true;
      for (const pair of alive) {
        pair.near.unpipe(pair.far).pause();
        pair.far.unpipe(pair.near).pause();
        frozen.add(pair);
      }
      alive.clear();
    },
    heal() {
      dead = false;
    },
    thaw() {
      for (const pair of frozen) join(pair);
      frozen.clear();
    },
    reset() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
