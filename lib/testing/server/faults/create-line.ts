import type { Duplex } from 'node:stream';
import { asyncScheduler, Subscription } from 'rxjs';
import type { WebSocket } from 'ws';
import { createValve } from './create-valve.js';
import type { SocketFaults } from './socket-faults.js';

/** What stands between a WebSocket and the server, and can be cut. */
export interface Line extends Pick<SocketFaults, 'stall' | 'halfOpen' | 'silence' | 'resume'> {
  /** Whether nothing goes out any more, not even answers to pings. */
  isDead(): boolean;
  /** Whether everything else than these goes out, at once or once the network has healed. */
  speaks(): boolean;
  /** Lets something happen: at once, once the network has healed, or never. */
  pass(action: () => void): void;
}

/**
 * The line of an open WebSocket.
 *
 * @param socket - the WebSocket
 * @param stream - what it writes to
 */
export function createLine(socket: WebSocket, stream: Duplex): Line {
  const valve = createValve(socket, stream);
  let state: 'live' | 'held' | 'silent' | 'dead' = 'live';
  let held: (() => void)[] = [];
  let healing = Subscription.EMPTY;
  const end = () => {
    healing.unsubscribe();
    held = [];
    state = 'dead';
  };
  const pass = (action: () => void) => {
    if (state === 'held') held.push(action);
    else if (state !== 'dead') action();
  };
  const resume = () => {
    healing.unsubscribe();
    if (state === 'dead') return;
    state = 'live';
    for (const action of held.splice(0)) pass(action);
    // One of them may have cut it again.
    if (reaches()) valve.open();
  };
  const reaches = () => state === 'live' || state === 'silent';
  const enter = (next: 'held' | 'silent', forMs: number | undefined) => {
    if (state === 'dead') return;
    if (next === 'held') valve.shut();
    else resume();
    state = next;
    healing.unsubscribe();
    if (forMs !== undefined) healing = asyncScheduler.schedule(resume, forMs);
  };
  // What has not come through by then never will.
  socket.on('close', end);
  return {
    isDead: () => state === 'dead',
    speaks: () => state === 'live' || state === 'held',
    pass,
    resume,
    halfOpen: (forMs) => {
      enter('held', forMs);
    },
    silence: (forMs) => {
      enter('silent', forMs);
    },
    stall: () => {
      end();
      valve.shut();
    },
  };
}
