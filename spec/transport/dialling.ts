import { asyncScheduler } from 'rxjs';
import type { Dial, DialledSocket } from '../../lib/transport/dialled-socket.js';
import type { SocketMonitor } from '../../lib/transport/ending.js';
import { dialSocket } from '../../lib/transport/dial-socket.js';
import type { ClientSocket } from '../helpers/held.js';
import { held } from '../helpers/held.js';
import type { Scripted } from '../helpers/scripted.js';
import type { Recording, VirtualTime } from '../helpers/virtually.js';

export const url = 'ws://example.org/graphql?token=secret';
export const where = 'ws://example.org/graphql';

export interface Dialled extends Recording<DialledSocket> {
  /** The socket, once it is open. */
  readonly socket: DialledSocket;
  /** The WebSocket itself: for what no server can do to it. */
  readonly raw: ClientSocket;
  /** `[ms, event]` of the monitor, in order. */
  readonly told: readonly unknown[][];
}

/** Dials a fake socket, and writes down what comes of it. */
export function dialling(
  { record }: VirtualTime,
  fake: Scripted,
  options: Partial<Dial> = {},
): Dialled {
  const told: unknown[][] = [];
  const monitor: SocketMonitor = {
    next: (event) => told.push([asyncScheduler.now(), ...(Object.values(event) as unknown[])]),
    complete: () => told.push([asyncScheduler.now(), 'released']),
  };
  const { webSocketImpl, sockets } = held(fake);
  const recording = record(
    dialSocket({ url, subprotocols: ['graphql-ws'], webSocketImpl, ...options }, monitor),
  );
  return Object.defineProperties({ told } as unknown as Dialled, {
    ...Object.getOwnPropertyDescriptors(recording),
    socket: { get: () => recording.values[0] },
    raw: { get: () => sockets[0] },
  });
}

/** Collects the text of the frames from now on. */
export function framesOf({ frames$ }: DialledSocket): string[] {
  const frames: string[] = [];
  frames$.subscribe({ next: (frame) => frames.push(frame), complete: () => frames.push('|') });
  return frames;
}
