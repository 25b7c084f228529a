import { isObservable, lastValueFrom, takeUntil } from 'rxjs';
import type { Peer } from './peer.js';
import type { Eventually } from './verdict.js';

/** The scripts of a server, one for each connection. */
export interface Scripts {
  /** Runs a script. If it fails, the server closes the connection with 1011 and this reason. */
  run(peer: Peer, script: Script, reason?: string): void;
  /** Waits for every script that has begun, then reports as `tell` does. */
  finished(): Promise<void>;
  /** Throws the first failure that was not reported yet. */
  tell(): void;
  /** Adds the failure of a function of the user's that is no script. */
  fail(error: unknown): void;
  /** Ignores the failures of the scripts of these connections from now on. */
  abandon(peers: Iterable<Peer>): void;
}

type Script = (peer: Peer) => Eventually<unknown>;

export function runScripts(): Scripts {
  const running = new Set<Promise<void>>();
  const abandoned = new WeakSet<Peer>();
  const failures: unknown[] = [];
  const tell = () => {
    if (failures.length > 0) throw failures.splice(0)[0];
  };
  return {
    run: (peer, script, reason = 'script failed') => {
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
    fail: (error) => {
      failures.push(error);
    },
    abandon: (peers) => {
      for (const peer of peers) abandoned.add(peer);
    },
  };
}

async function play(script: Script, peer: Peer): Promise<void> {
  const scene = script(peer);
  if (!isObservable(scene)) await scene;
  else await lastValueFrom(scene.pipe(takeUntil(peer.closed$)), { defaultValue: undefined });
}
