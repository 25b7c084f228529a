import { fromEvent } from 'rxjs';
import type { Frame } from '../wire-message.js';
import { createCloser, type Closer } from '../create-closer.js';
import { sendFrames, type SenderParts } from '../send-frames.js';
import { checkFirst } from './check-first.js';
import { corruptLine, type RawLine } from './corruption.js';
import { createLine, type Line } from './create-line.js';
import { garbageFrames } from './garbage.js';
import { socketChecks } from './socket-checks.js';
import type { SocketFaults } from './socket-faults.js';
import type { Wording } from './wording.js';

/** What the faults of a socket need. */
export interface TamperingParts extends SenderParts {
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
  readonly closing$: Closer['closing$'];
  readonly faults: SocketFaults;
  /** Sends frames on a socket that is silent, too. */
  readonly answer: (frames: readonly Frame[]) => void;
}

/**
 * The faults of one socket.
 *
 * @param parts - what they need
 */
export function tamperWithSocket(parts: TamperingParts): SocketTampering {
  const { socket, stream, wording, liveId } = parts;
  const line = createLine(socket, stream);
  const { pass, speaks, stall, halfOpen, silence, resume } = line;
  const closer = createCloser(parts, line);
  const { close, closing$ } = closer;
  const send = sendFrames(parts, line, closer);
  const say = (frames: readonly Frame[]) => {
    if (speaks()) send(frames);
  };
  return {
    line,
    closing$,
    answer: send,
    faults: checkFirst<SocketFaults>(
      {
        send: (...frames) => {
          say(frames);
        },
        close,
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
          if (closer.isClosing()) return;
          pass(() => {
            corruptLine(corruption, rawLine(parts, line));
          });
        },
      },
      socketChecks,
    ),
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
