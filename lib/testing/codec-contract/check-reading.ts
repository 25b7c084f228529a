import type { Codec } from 'rx-graphql-ws';
import { decoding } from './calls.js';
import { mismatch } from './mismatch.js';
import { readFrame } from './read-frame.js';
import { sameJson } from './same-json.js';
import { shown } from './shown.js';
import { shownReading } from './shown-reading.js';

interface Expected {
  readonly [field: string]: unknown;
}

/** @throws Error - a frame does not mean this; the message may say more, and so may an error in it. */
export function checkReading(codec: Codec, frame: string, expected: Expected): void {
  const reading = readFrame(codec, frame);
  if (!says(reading, expected))
    throw mismatch(decoding(frame), shown(expected), shownReading(reading));
}

function says(actual: unknown, expected: Expected): boolean {
  return Object.entries(expected).every(([field, value]) => {
    const own = (actual as Expected)[field];
    return field === 'errors' ? saysAll(own, value as readonly Expected[]) : sameJson(own, value);
  });
}

function saysAll(actual: unknown, expected: readonly Expected[]): boolean {
  const errors = [actual].flat();
  return (
    errors.length === expected.length &&
    expected.every((error, index) => says(errors[index], error))
  );
}
