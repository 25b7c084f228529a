import type { Codec } from 'rx-graphql-ws';
import { decoding } from './calls.js';
import { mismatch } from './mismatch.js';
import type { Reading } from './read-frame.js';
import { readFrame } from './read-frame.js';
import { sameJson } from './same-json.js';
import { shown } from './shown.js';
import { shownReading } from './shown-reading.js';

/** In a frame that says more than another this is what more it says. */
export const unheard = 'unheard';

/** Both frames mean the same; a text, or a frame that is passed on, may differ. */
export function checkSame(codec: Codec, frame: string, other: string): void {
  const [one, another] = [meaningOf(readFrame(codec, frame)), meaningOf(readFrame(codec, other))];
  if (!sameJson(one, another)) throw mismatch(decoding(other), shown(one), shown(another));
}

/** The frame is not the dialect's. */
export function checkStrange(codec: Codec, frame: string): void {
  const reading = readFrame(codec, frame);
  if (isNothing(reading)) return;
  throw mismatch(decoding(frame), 'type unknown, or a ProtocolError', shownReading(reading));
}

/** No result comes of the frame: it may be refused when it is decoded only. */
export function checkBroken(codec: Codec, frame: string): void {
  const reading = readFrame(codec, frame);
  if (isNothing(reading) || (reading.type === 'next' && reading.result === undefined)) return;
  const expected = 'type unknown, or a ProtocolError here or of payload.decode()';
  throw mismatch(decoding(frame), expected, shownReading(reading));
}

/** The frame belongs to no operation, or to the one with this id. */
export function checkNobodys(codec: Codec, frame: string, id?: string): void {
  const reading = readFrame(codec, frame);
  if (!('id' in reading) || reading.id === id) return;
  const expected = `no message of an operation${id === undefined ? '' : `, or id ${shown(id)}`}`;
  throw mismatch(decoding(frame), expected, shownReading(reading));
}

function isNothing({ type }: Reading): boolean {
  return type === 'unknown' || type === 'refused';
}

function meaningOf(reading: Reading): unknown {
  const meaning = { ...reading, text: undefined, frame: undefined, reason: undefined };
  // a result whose fields are the frame's own has it, too
  return JSON.parse(JSON.stringify(meaning), (key, value: unknown) =>
    key === unheard ? undefined : value,
  );
}
