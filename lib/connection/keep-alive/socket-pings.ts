import type { EventSink } from '../../transport/events.js';
import type { LiveSocket } from '../../transport/socket.js';
import { createMessageLog } from '../status/events.js';

/**
 * Follows the pings and pongs of the WebSocket protocol, which `ws` alone shows and sends. Returns the function that sends a ping.
 *
 * @param heard - a sign of life has come
 */
export function followSocketPings(
  socket: LiveSocket,
  events: EventSink,
  heard: (type: 'ping' | 'pong') => void,
): (() => void) | undefined {
  // a log of its own, because a pong of one protocol does not answer a ping of the other
  const log = createMessageLog(events);
  // eslint-disable-next-line rxjs-x/no-ignored-error -- it never errors
  socket.heartbeat$?.subscribe((type) => {
    if (socket.isClosing()) return;
    log('received', { type });
    heard(type);
  });
  return (
    socket.ping &&
    (() => {
      log('sent', { type: 'ping' });
      socket.ping?.();
    })
  );
}
