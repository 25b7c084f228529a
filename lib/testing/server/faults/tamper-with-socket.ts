import type { Duplex } from 'node:stream';
import { fromEvent } from 'rxjs';
import type { WebSocket } from 'ws';
import type { Frame } from '../wire-message.js';
import { corruptLine, expectCorruption, type RawLine } from './corruption.js';
import { createLine, type Line } from './create-line.js';
import { garbageFrames } from './garbage.js';
import type { SocketFaults } from './socket-faults.js';
import type { Wording } from './wording.js';

/** What the faults of a socket need. */
export interface TamperingParts {
  readonly socket: WebSocket;
  readonly stream: Duplex;
  /** Of the protocol spoken on it. */
  readonly wording: Wording;
  /** The id of the operation that has been live on it for longest. */
  readonly liveId: () => string | undefined;
  /** Ends the TCP connection with RST. */
  readonly reset: () => void;
}

/** A socket that can be tampered with. */
export interface SocketTampering {
  readonly line: Line;
  readonly faults: SocketFaults;
}

/**
 * The faults of one socket.
 *
 * @param parts - what they need
 * @param send - sends frames as they are
 */
export function tamperWithSocket(
  parts: TamperingParts,
  send: (frames: readonly Frame[]) => void,
): SocketTampering {
  const { socket, stream, wording, liveId } = parts;
  const line = createLine(socket, stream);
  const { pass, speaks, stall, halfOpen, silence, resume } = line;
  const say = (frames: readonly Frame[]) => {
    if (speaks()) send(frames);
  };
  return {
    line,
    faults: {
      send: (...frames) => {
        say(frames);
      },
      close: (code, reason) => {
        pass(() => {
          socket.close(code, reason);
        });
      },
      drop: () => {
        socket.terminate();
      },
      stall,
      halfOpen,
      silence,
      resume,
      garble: (garbage, id = liveId()) => {
        say(garbageFrames(garbage, wording, id));
      },
      corrupt: (corruption) => {
        expectCorruption(corruption);
        pass(() => {
          corruptLine(corruption, rawLine(parts, line));
        });
      },
    },
  };
}

function rawLine(
  { socket, stream, wording, reset }: TamperingParts,
  { halfOpen, stall }: Line,
): RawLine {
  return {
    message: JSON.stringify(wording.heartbeat('pong', undefined)),
    closed$: fromEvent(socket, 'close'),
    write: (bytes) => {
      stream.write(bytes);
    },
    force: (bytes) => {
      stream.uncork();
      stream.write(bytes);
      stream.cork();
    },
    end: () => {
      stream.end();
    },
    reset,
    halfOpen,
    stall,
  };
}
