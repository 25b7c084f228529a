import { timer } from 'rxjs';
import type { SocketMonitor } from './dial-socket.js';
import type { RawSocket } from './raw-socket.js';

/** Ends one raw socket, whoever ends it, and reports its end once. */
export interface Hull {
  /** The peer, or the network, ended it. */
  gone(code: number, reason: string): void;
  /** Reports it closed, before it is. */
  report(code: number, reason: string): void;
  /** Closes it; drops it if the peer has not answered within `closeTimeout`. */
  leave(code?: number, reason?: string): void;
  /** Drops it without goodbye. */
  drop(): void;
}

const CONNECTING = 0;

export function hullOf(raw: RawSocket, closeTimeout: number, monitor: SocketMonitor): Hull {
  let reported = false;
  let left = false;
  const report = (code: number, reason: string) => {
    if (!reported) monitor.closed(code, reason);
    reported = true;
  };
  const gone = (code: number, reason: string) => {
    left = true;
    report(code, reason);
    monitor.released();
  };
  const drop = () => {
    if (left) return;
    detach(raw);
    if (raw.terminate) raw.terminate();
    else raw.close(1000);
    gone(1006, '');
  };
  const leave = (code = 1000, reason = '') => {
    if (left) return;
    if (raw.readyState === CONNECTING) {
      drop();
      return;
    }
    left = true;
    detach(raw);
    const deadline = timer(closeTimeout).subscribe(() => {
      raw.terminate?.();
      gone(1006, '');
    });
    raw.onclose = (event: { code: number; reason: string }) => {
      deadline.unsubscribe();
      gone(event.code, event.reason);
    };
    raw.close(code, reason);
  };
  return { gone, report, leave, drop };
}

/** Late events reach nobody; `ws` emits `error` after a close while CONNECTING, which must find a listener. */
function detach(raw: RawSocket): void {
  const ignore = () => undefined;
  raw.onopen = raw.onmessage = raw.onclose = raw.onerror = ignore;
}
