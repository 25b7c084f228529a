import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, isIPv6, type Server, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { firstValueFrom, map, merge, Subject, timer } from 'rxjs';
import { duration } from '../check.js';
import type { GraphQLTestServerOptions } from './options.js';
import type { OnUpgrade } from './upgrader.js';

interface ListenerParts extends Pick<GraphQLTestServerOptions, 'port' | 'host'> {
  readonly tls: TlsOptions | undefined;
  readonly onUpgrade: OnUpgrade;
  readonly onRequest: RequestListener;
  /** Waits until no socket is open any more. */
  readonly ended: () => Promise<unknown>;
}

/** Makes an HTTP server that can stop and start again at the same port. Calls of `start` and `stop` run one after the other. */
export function createListener(parts: ListenerParts) {
  const { port = 0, host = '127.0.0.1', tls } = parts;
  const server = createWebServer(parts);
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
    await parts.ended();
  };
  return {
    server,
    url: (scheme: 'ws' | 'http') => urlOf(tls ? `${scheme}s` : scheme, host, bound),
    start,
    stop,
    restart: (downFor = 0) => {
      duration('downFor', downFor);
      return async () => {
        const closed = stop();
        const again = firstValueFrom(merge(timer(downFor).pipe(map(() => true)), stopped$));
        await closed;
        if (await again) await start();
      };
    },
  };
}

function urlOf(scheme: string, host: string, port: number): string {
  return `${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}/graphql`;
}

function createWebServer({ tls, onUpgrade, onRequest }: ListenerParts): Server {
  const server = tls ? createHttpsServer(tls) : createHttpServer();
  return server.on('upgrade', onUpgrade).on('request', onRequest);
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
