import { asyncScheduler } from 'rxjs';
import type { EventSink } from './events.js';
import type { RawSocket } from './socket.js';

const CONNECTING = 0;

/** How a raw socket ends. The first call counts. */
export function closeSocket(
  raw: RawSocket,
  closeTimeout: number,
  events: Pick<EventSink, 'next' | 'complete'>,
) {
  let ended = false;
  /** The peer or the network has closed it. */
  const onClosed = ({ code, reason } = { code: 1006, reason: '' }) => {
    ended = true;
    events.next({ type: 'closed', code, reason });
    events.complete();
  };
  const terminate = () => {
    removeHandlers(raw);
    if (raw.terminate) raw.terminate();
    else raw.close(1000);
    onClosed();
  };
  const close = (code = 1000, reason = '') => {
    if (ended) return;
    ended = true;
    if (raw.readyState === CONNECTING) {
      terminate();
      return;
    }
    removeHandlers(raw);
    const late = asyncScheduler.schedule(terminate, closeTimeout);
    raw.onclose = (event: CloseEvent) => {
      late.unsubscribe();
      onClosed(event);
    };
    // a paused socket must read on, because the peer's answer is behind what was not read
    if (raw.isPaused) raw.resume?.();
    raw.close(code, reason);
  };
  return {
    onClosed,
    /** Closes it with 1000, and drops it if the peer has not answered within `closeTimeout`. */
    close() {
      close();
    },
    /** Closes it because of an error: it counts as closed at once. Without a code no close frame is sent. */
    fail(code?: number, reason = '') {
      if (ended) return;
      if (!code) {
        terminate();
        return;
      }
      events.next({ type: 'closed', code, reason });
      close(code, reason);
    },
  };
}

/** Late events reach nobody. `ws` emits `error` after a close while CONNECTING, and that must find a listener. */
function removeHandlers(raw: RawSocket): void {
  raw.onopen = raw.onmessage = raw.onclose = raw.onerror = () => undefined;
}
