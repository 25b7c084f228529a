import type { Duplex } from 'node:stream';
import { isObservable, lastValueFrom, takeUntil } from 'rxjs';
import type { WebSocket } from 'ws';
import type { Eventually, Peer, UpgradeRequest } from './api/peer.js';
import type { Core } from './core.js';
import { createPeer, type ServedSocket } from './create-peer.js';
import { currentDialect, legacyDialect } from './dialects.js';
import { serveConnection } from './serve-connection.js';

type Script = (peer: Peer) => Eventually<unknown>;

/** Keeps the open sockets, and runs a script on each: that of the user, or the protocol. */
export function serveSockets(
  core: Core,
  scripts: Scripts,
  onOpen?: (socket: ServedSocket) => void,
) {
  const { script, fallback } = core.options;
  const sockets = new Set<ServedSocket>();
  const speak = (served: ServedSocket) => {
    if (served.dialect) return serveConnection(served, served.dialect, core);
    served.peer.close(4406, 'Subprotocol not acceptable');
    return undefined;
  };
  const dialectOf = (name: string | false) =>
    [currentDialect, legacyDialect].find(({ subprotocol }) => subprotocol === name);
  const peers = () => Array.from(sockets, ({ peer }) => peer);
  let connection = 0;
  return {
    peers,
    /** Waits until no socket is open any more. */
    ended: () => Promise.all(peers().map(({ closed$ }) => lastValueFrom(closed$))),
    onSocket: (socket: WebSocket, stream: Duplex, { url, headers }: UpgradeRequest) => {
      connection += 1;
      const dialect = dialectOf(socket.protocol) ?? dialectOf(fallback);
      const served = createPeer({ core, socket, stream, url, headers, connection, dialect });
      sockets.add(served);
      socket.on('close', () => sockets.delete(served));
      onOpen?.(served);
      if (script) scripts.run(served.peer, script, 'script failed');
      else scripts.run(served.peer, () => speak(served), 'Internal server error');
    },
  };
}

/** The scripts of a server, one for each connection. */
export type Scripts = ReturnType<typeof runScripts>;

export function runScripts() {
  const running = new Set<Promise<void>>();
  const abandoned = new WeakSet<Peer>();
  const failures: unknown[] = [];
  /** Throws the first failure that was not reported yet. */
  const tell = () => {
    if (failures.length > 0) throw failures.splice(0)[0];
  };
  return {
    /** Runs a script. If it fails, the server closes the connection with 1011 and this reason. */
    run: (peer: Peer, script: Script, reason: string) => {
      const scene = play(script, peer)
        .catch((error: unknown) => {
          if (!abandoned.has(peer)) failures.push(error);
          peer.close(1011, reason);
        })
        .finally(() => running.delete(scene));
      running.add(scene);
    },
    finished: async () => {
      await Promise.all(running);
      tell();
    },
    tell,
    fail: (error: unknown) => failures.push(error),
    /** Ignores the failures of the scripts of these connections from now on. */
    abandon: (peers: readonly Peer[]) => peers.forEach((peer) => abandoned.add(peer)),
  };
}

async function play(script: Script, peer: Peer): Promise<void> {
  const scene = script(peer);
  if (!isObservable(scene)) await scene;
  else await lastValueFrom(scene.pipe(takeUntil(peer.closed$)), { defaultValue: undefined });
}
