/** The abilities of `ws` that a browser's WebSocket does not have: it stops reading, and it shows and sends pings of its own protocol. */
import type { Observable } from 'rxjs';
import { BehaviorSubject, filter, NEVER, switchMap, take, takeUntil } from 'rxjs';
import { sealed } from '../rx/streams.js';
import type { EventSink } from '../transport/events.js';
import type { LiveSocket } from '../transport/socket.js';
import { createMessageLog } from './status/events.js';

/** Whether a connection reads from its socket. */
export interface FlowControl {
  /** Whether its socket can stop reading. */
  readonly pausable: boolean;
  /** Whether it reads; replayed. While it does not, silence says nothing about the server. */
  readonly reading$: Observable<boolean>;
  /** Stops reading, until `resume` was called as often. Does nothing once the connection is over, because the server's goodbye must be read. */
  pause(): void;
  resume(): void;
}

/** Only the first of several pauses stops the socket, and only the last `resume` starts it. */
export function createFlowControl(
  { pause, resume }: Pick<LiveSocket, 'pause' | 'resume'>,
  isOver: () => unknown,
): FlowControl {
  const reading = new BehaviorSubject(true);
  let paused = 0;
  return {
    pausable: pause !== undefined,
    reading$: sealed(reading),
    pause() {
      paused += 1;
      if (!pause || paused > 1 || isOver()) return;
      pause();
      reading.next(false);
    },
    resume() {
      paused -= 1;
      if (paused > 0) return;
      resume?.();
      reading.next(true);
    },
  };
}

/** Watches while the connection reads, each time from the beginning. */
export function whileReading<T>({ reading$ }: FlowControl, watch$: Observable<T>): Observable<T> {
  return reading$.pipe(switchMap((reading) => (reading ? watch$ : NEVER)));
}

/** Asks once the connection reads, until it stops reading. */
export function onceReading<T>({ reading$ }: FlowControl, ask$: Observable<T>): Observable<T> {
  const paused$ = reading$.pipe(filter((reading) => !reading));
  return reading$.pipe(
    filter(Boolean),
    take(1),
    switchMap(() => ask$.pipe(takeUntil(paused$))),
  );
}

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
