import { of } from 'rxjs';
import type { Pausing, Reading } from './pausing.js';

const nothing = () => undefined;

/** A browser's WebSocket reads whatever comes. */
export function createPausing(): Pausing {
  return { pausable: false, reading$: of(true), pause: nothing, resume: nothing };
}

/** The same of all that a socket object has. */
export function createReading(): Reading {
  return { pausable: false, pause: () => nothing };
}
