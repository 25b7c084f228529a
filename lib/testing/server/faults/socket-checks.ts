import { duration, isText, must, optional, text } from '../check.js';
import { expectClose } from '../expect-close.js';
import { isObject } from '../wire-message.js';
import type { ArgumentChecks } from './check-first.js';
import { expectCorruption } from './corruption.js';
import { expectGarbage } from './garbage.js';
import type { SocketFaults } from './socket-faults.js';

const checkFrame = must('a text, bytes or a message', (frame) => isText(frame) || isObject(frame));
const checkForMs = optional(duration);
const checkId = optional(text);

/** The checks of the arguments of the faults of sockets: a slip of the pen must not wait for a socket to be noticed. */
export const socketChecks: ArgumentChecks<SocketFaults> = {
  send: (...frames) => {
    for (const [at, frame] of frames.entries()) checkFrame(`frames[${at}]`, frame);
  },
  close: expectClose,
  halfOpen: (forMs) => {
    checkForMs('forMs', forMs);
  },
  silence: (forMs) => {
    checkForMs('forMs', forMs);
  },
  garble: (garbage, id) => {
    expectGarbage(garbage);
    checkId('id', id);
  },
  corrupt: expectCorruption,
};
