import { asyncScheduler } from 'rxjs';
import type { RawSocket } from './raw-socket.js';

/** Told what becomes of a socket, also after nobody is subscribed to it any more. Completes when nothing is left of it. */
export interface SocketMonitor {
  next(
    event:
      | {
          readonly type: 'opened';
          readonly subprotocol: string;
          readonly headers?: Readonly<Record<string, string>>;
        }
      /** Over for us; the first counts. */
      | { readonly type: 'closed'; readonly code: number; readonly reason: string },
  ): void;
  complete(): void;
}

/** The ends that a raw socket can come to; the first counts. */
export interface Ending {
  /** The peer, or the network, closed it. */
  released(closing?: { readonly code: number; readonly reason: string }): void;
  /** Closes it; drops it if the peer has not answered within `closeTimeout`. */
  leave(code?: number, reason?: string): void;
  /** Ends it for a fault of the peer's: it counts as closed at once. Without a code: without goodbye. */
  end(code?: number, reason?: string): void;
}

const CONNECTING = 0;

export function endingOf(raw: RawSocket, closeTimeout: number, monitor: SocketMonitor): Ending {
  let left = false;
  const released = ({ code, reason } = { code: 1006, reason: '' }) => {
    left = true;
    monitor.next({ type: 'closed', code, reason });
    monitor.complete();
  };
  const drop = () => {
    silence(raw);
    if (raw.terminate) raw.terminate();
    else raw.close(1000);
    released();
  };
  const leave = (code = 1000, reason = '') => {
    if (left) return;
    left = true;
    if (raw.readyState === CONNECTING) {
      drop();
      return;
    }
    silence(raw);
    const dropping = asyncScheduler.schedule(drop, closeTimeout);
    raw.onclose = (event: CloseEvent) => {
      dropping.unsubscribe();
      released(event);
    };
    // the peer's answer lies behind what is not read yet
    if (raw.isPaused) raw.resume?.();
    raw.close(code, reason);
  };
  return {
    released,
    leave,
    end(code, reason = '') {
      if (left) return;
      if (!code) {
        drop();
        return;
      }
      monitor.next({ type: 'closed', code, reason });
      leave(code, reason);
    },
  };
}

/** Late events reach nobody; `ws` emits `error` after a close while CONNECTING, which must find a listener. */
function silence(raw: RawSocket): void {
  raw.onopen = raw.onmessage = raw.onclose = raw.onerror = () => undefined;
}
