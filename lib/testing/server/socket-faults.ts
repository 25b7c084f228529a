import { duration, isObject, isText, must, optional } from '../check.js';
import { checkClose } from './check-frame.js';
import type { Prepared, SocketFaults } from './server-faults.js';

/** Turns prepared faults into methods that check and act at once. */
export function perform<F>(prepared: Prepared<F>): F {
  return mapPrepared(prepared, (act) => act()) as F;
}

/** Turns each prepared fault into a method that hands its act to `run`. */
export function mapPrepared(
  prepared: object,
  run: (act: () => unknown) => unknown,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(prepared) as [string, (...args: unknown[]) => () => unknown][];
  return Object.fromEntries(
    entries.map(([name, prepare]) => [name, (...args: unknown[]) => run(prepare(...args))]),
  );
}

const checkFrame = must('a text, bytes or a message', (frame) => isText(frame) || isObject(frame));
const checkTime = optional(duration);

/** @param targets - lists the open sockets; the list must not change while a fault acts, because a socket may close */
export function socketFaults(targets: () => readonly SocketFaults[]): Prepared<SocketFaults> {
  const each = (act: (target: SocketFaults) => void) => () => targets().forEach(act);
  return {
    send: (...frames) => {
      for (const [at, frame] of frames.entries()) checkFrame(`frames[${at}]`, frame);
      return each(({ send }) => send(...frames));
    },
    close: (code, reason) => {
      checkClose(code, reason);
      return each(({ close }) => close(code, reason));
    },
    drop: () => each(({ drop }) => drop()),
    stall: () => each(({ stall }) => stall()),
    halfOpen: (forMs) => {
      checkTime('forMs', forMs);
      return each(({ halfOpen }) => halfOpen(forMs));
    },
    silence: (forMs) => {
      checkTime('forMs', forMs);
      return each(({ silence }) => silence(forMs));
    },
    resume: () => each(({ resume }) => resume()),
  };
}
