import { isObservable, lastValueFrom, takeUntil } from 'rxjs';
import type { Peer } from './peer.js';
import type { Eventually } from './verdict.js';

type Script = (peer: Peer) => Eventually<unknown>;

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
    run: (peer: Peer, script: Script, reason = 'script failed') => {
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
    /** Adds the failure of a function of the user's that is no script. */
    fail: (error: unknown) => failures.push(error),
    /** Ignores the failures of the scripts of these connections from now on. */
    abandon: (peers: Iterable<Peer>) => {
      for (const peer of peers) abandoned.add(peer);
    },
  };
}

async function play(script: Script, peer: Peer): Promise<void> {
  const scene = script(peer);
  if (!isObservable(scene)) await scene;
  else await lastValueFrom(scene.pipe(takeUntil(peer.closed$)), { defaultValue: undefined });
}
