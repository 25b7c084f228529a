import type { Reading } from './read-frame.js';
import { shown } from './shown.js';

/** A reading on one line. */
export function shownReading(reading: Reading): string {
  return reading.type === 'refused' ? reading.reason : shown(reading);
}
