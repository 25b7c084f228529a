import { asyncScheduler } from 'rxjs';
import type { LiveSocket, SocketSession } from '../../lib/transport/socket.js';
import { defaultSubprotocols } from '../../lib/transport/address.js';
import type { SocketOptions } from '../../lib/transport/socket.js';
import { openWebSocket } from '../../lib/transport/web-socket.js';
import type { ClientSocket } from '../helpers/held.js';
import { held } from '../helpers/held.js';
import { type Move, opens, type Scripted, scripted } from '../helpers/scripted.js';
import { advance, cold, record } from '../helpers/test.js';
import type { Recording } from '../helpers/virtually.js';

export const url = 'ws://example.org/graphql?token=secret';
export const where = 'ws://example.org/graphql';

export interface Dialled extends Recording<LiveSocket> {
  /** The socket, once it is open. */
  readonly socket: LiveSocket;
  /** The WebSocket itself: for what no server can do to it. */
  readonly raw: ClientSocket;
  /** `[ms, event]` of the session, in order; with the errors over which the socket was given up. */
  readonly told: readonly unknown[][];
}

/** Dials a fake socket, and writes down what comes of it. */
export function dialling(fake: Scripted, options: Partial<SocketOptions> = {}): Dialled {
  const told: unknown[][] = [];
  const tell = (...event: readonly unknown[]) => void told.push([asyncScheduler.now(), ...event]);
  const nothing = () => undefined;
  const session: SocketSession = {
    attempt: () => ({ attempt: 0, error: undefined }),
    requested: defaultSubprotocols,
    events: {
      observed: true,
      next: (event) => tell(...Object.values<unknown>(event)),
      complete: () => tell('released'),
    },
    heard: nothing,
    acknowledged: nothing,
    settled: nothing,
    failed: (error) => {
      tell('failed', error);
      return error;
    },
  };
  const { webSocketImpl, sockets } = held(fake);
  const recording = record(
    openWebSocket({ url, subprotocols: ['graphql-ws'], webSocketImpl, ...options }, session),
  );
  return Object.defineProperties({ told } as unknown as Dialled, {
    ...Object.getOwnPropertyDescriptors(recording),
    socket: { get: () => recording.values[0] },
    raw: { get: () => sockets[0] },
  });
}

/** Dials a fake socket that opens at once, or does what `move` says, and lets 5 ms pass. */
export function opened({ make = scripted, move = opens(), ...options }: OpenedOptions = {}) {
  const fake = make(cold('o', { o: move }));
  const dialled = dialling(fake, options);
  advance(5);
  return { fake, peer: fake.peer, dialled };
}

interface OpenedOptions extends Partial<SocketOptions> {
  readonly make?: typeof scripted;
  readonly move?: Move;
}

/** Opens, and never answers a close. */
export const ignoresClose: Move = (peer) => {
  peer.ignoreClose();
  peer.open();
};

/** Collects the text of the frames from now on. */
export function framesOf({ frames$ }: Pick<LiveSocket, 'frames$'>): string[] {
  const frames: string[] = [];
  frames$.subscribe({ next: (frame) => frames.push(frame), complete: () => frames.push('|') });
  return frames;
}
