import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, isIPv6, type Server, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { firstValueFrom, map, merge, Subject, timer } from 'rxjs';
import type { Core } from './core.js';
import type { createUpgrader } from './upgrades.js';

interface Listeners {
  readonly onUpgrade: ReturnType<typeof createUpgrader>;
  readonly onRequest: RequestListener;
  readonly ended: () => Promise<unknown>;
}

/** Makes an HTTP server that can stop and start again at the same port. Calls of `start` and `stop` run one after the other. */
export function createListener(
  { port, host }: Core['options'],
  tls: TlsOptions | undefined,
  { onUpgrade, onRequest, ended }: Listeners,
) {
  const server: Server = (tls ? createHttpsServer(tls) : createHttpServer())
    .on('upgrade', onUpgrade)
    .on('request', onRequest);
  const destroyAll = trackConnections(server);
  const inTurn = takeTurns();
  const stopped$ = new Subject<false>();
  let bound = port;
  const start = () =>
    inTurn(async () => {
      if (server.listening) return;
      server.listen(bound, host);
      await once(server, 'listening');
      bound = (server.address() as AddressInfo).port;
    });
  /** Stops listening, destroys every TCP connection, and cancels a `restart` that waits. */
  const stop = async () => {
    stopped$.next(false);
    await inTurn(async () => {
      const closed = once(server, 'close');
      const gone = destroyAll();
      server.close();
      await Promise.all([gone, closed]);
    });
    await ended();
  };
  const restart = async (downFor = 0) => {
    const closed = stop();
    const again = firstValueFrom(merge(timer(downFor).pipe(map(() => true)), stopped$));
    await closed;
    if (await again) await start();
  };
  const name = isIPv6(host) ? `[${host}]` : host;
  const url = (scheme: 'ws' | 'http') => `${scheme}${tls ? 's' : ''}://${name}:${bound}/graphql`;
  return { server, url, start, stop, restart };
}

/** Tracks the TCP connections, because an HTTP server forgets those that were upgraded. Returns a function that destroys them all. */
function trackConnections(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.prependListener('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return async () => {
    const gone = Array.from(sockets, (socket) => once(socket, 'close'));
    for (const socket of sockets) socket.destroy();
    await Promise.all(gone);
  };
}

/** Makes a function that runs one act after the other, because a server that begins to listen or to close must not be interrupted. */
function takeTurns() {
  let last = Promise.resolve();
  return (act: () => Promise<void>): Promise<void> => {
    const turn = last.then(act);
    last = turn.catch(() => undefined);
    return turn;
  };
}
