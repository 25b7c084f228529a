import type { Duplex } from 'node:stream';
import { asyncScheduler, Subscription } from 'rxjs';
import type { WebSocket } from 'ws';
import type { SocketFaults } from './server-faults.js';

/** The line between a WebSocket and the server. Faults cut it. */
export interface Line extends Pick<SocketFaults, 'stall' | 'halfOpen' | 'silence' | 'resume'> {
  /** Whether the line is stalled or closed: not even the answer to a ping goes out. */
  isDead(): boolean;
  /** Whether messages go out, at once or after the line has healed. A silent line lets only the answers to pings out. */
  speaks(): boolean;
  /** Acts now, after the line has healed, or never. */
  pass(action: () => void): void;
}

export function createLine(socket: WebSocket, stream: Duplex): Line {
  const valve = createValve(socket, stream);
  const { is, enter, pass } = createGate();
  let healing = Subscription.EMPTY;
  const end = () => {
    healing.unsubscribe();
    enter('dead');
  };
  const resume = () => {
    healing.unsubscribe();
    enter('live');
    // One of the actions that waited may have cut the line again.
    if (is('live')) valve.open();
  };
  const cut = (state: 'held' | 'silent', forMs: number | undefined) => {
    if (is('dead')) return;
    if (state === 'held') valve.shut();
    else resume();
    enter(state);
    healing.unsubscribe();
    if (forMs !== undefined) healing = asyncScheduler.schedule(resume, forMs);
  };
  socket.on('close', end);
  return {
    isDead: () => is('dead'),
    speaks: () => is('live') || is('held'),
    pass,
    resume,
    halfOpen: (forMs) => cut('held', forMs),
    silence: (forMs) => cut('silent', forMs),
    stall: () => {
      end();
      valve.shut();
    },
  };
}

type State = 'live' | 'held' | 'silent' | 'dead';

/** Makes a gate that holds actions back, lets them pass, or drops them. A dead gate stays dead. */
function createGate() {
  const waiting: (() => void)[] = [];
  let state: State = 'live';
  const pass = (action: () => void) => {
    if (state === 'held') waiting.push(action);
    else if (state !== 'dead') action();
  };
  return {
    is: (other: State) => state === other,
    pass,
    enter: (next: State) => {
      if (state !== 'dead') state = next;
      if (next !== 'held') for (const action of waiting.splice(0)) pass(action);
    },
  };
}

/** Node's handle below a stream that reads. It is not documented. */
interface Reader {
  readonly _handle?: { reading: boolean; readStop(): unknown } | null;
  _read(size: number): void;
}

/** Makes a valve that, when shut, holds back all bytes in both directions, FIN and RST too. */
function createValve(socket: WebSocket, stream: Duplex) {
  const reader = stream as unknown as Reader;
  let isShut = false;
  return {
    shut: () => {
      if (isShut) return;
      isShut = true;
      stream.cork();
      socket.pause();
      // A paused stream still reads ahead and still sees FIN and RST; without this it would make the handle read again.
      reader._read = () => undefined;
      if (!reader._handle) return;
      reader._handle.reading = false;
      reader._handle.readStop();
    },
    open: () => {
      if (!isShut) return;
      isShut = false;
      stream.uncork();
      Reflect.deleteProperty(stream, '_read');
      reader._read(0);
      socket.resume();
    },
  };
}
