import type { ClientMessage, Codec } from 'rx-graphql-ws';
import { decoding } from './calls.js';
import type { Change } from './changed-frames.js';
import { cutOff, doubled, replaced, slipped } from './changed-frames.js';
import { clientMessages, plainMessages, subscribe } from './client-messages.js';
import type { CodecCase } from './codec-case.js';
import { guessedFrames, hostileFrames, oddFrames } from './hostile-frames.js';
import { mismatch } from './mismatch.js';
import { pollutionBy } from './pollution-by.js';
import { readFrame } from './read-frame.js';
import { sameJson } from './same-json.js';
import { shown } from './shown.js';
import { shownReading } from './shown-reading.js';
import { writeOrRefuse } from './write-message.js';

const changes: readonly (readonly [what: string, change: Change])[] = [
  ['cut off anywhere', cutOff],
  ['with a character changed, lost or added', slipped],
  ['with a value replaced or lost', replaced],
  ['with a field that comes twice', doubled],
];

/** From frames to neutral messages, whatever the frames look like. `known` are some that the server sends. */
export function decodingCases(codec: Codec, known: readonly string[]): readonly CodecCase[] {
  const survives = (what: string, frames: () => readonly string[]): CodecCase => ({
    name: `decode gives a message or throws a ProtocolError for ${what}`,
    run() {
      for (const frame of frames()) readFrame(codec, frame);
    },
  });
  const frames = () =>
    known.length > 0 ? known : [...likelyFrames(codec), ...framesOf(codec, plainMessages())];
  return [
    ...hostileFrames.map((frame) => survives(shown(frame), () => [frame])),
    ...oddFrames().map(([what, frame]) => survives(what, () => [frame])),
    survives('frames of other dialects', guessedFrames),
    survives('frames of a client', () => framesOf(codec, clientMessages())),
    ...changes.map(([what, change]) => survives(`frames ${what}`, () => frames().flatMap(change))),
    {
      name: 'decode remembers nothing: a frame means the same after any other',
      run() {
        checkForgetful(codec, [...hostileFrames, ...frames(), ...frames().flatMap(replaced)]);
      },
    },
    {
      name: 'decode leaves Object.prototype as it is',
      run() {
        for (const frame of frames().flatMap(replaced)) checkClean(codec, frame);
      },
    },
  ];
}

/** Of frames of other dialects, one of each type that the codec makes something of. */
function likelyFrames(codec: Codec): readonly string[] {
  const read = guessedFrames().map((frame) => [readFrame(codec, frame).type, frame] as const);
  return ['ack', 'rejected', 'ping', 'pong', 'next', 'error', 'complete'].flatMap(
    (wanted) => read.find(([type]) => type === wanted)?.[1] ?? [],
  );
}

/** What the codec itself writes; nothing is written for some. */
function framesOf(codec: Codec, messages: readonly ClientMessage[]): readonly string[] {
  const frames = messages.map((message) => writeOrRefuse(codec, message) ?? '');
  return frames.filter((frame) => frame !== '');
}

function checkForgetful(codec: Codec, frames: readonly string[]): void {
  const once = frames.map((frame) => ({ frame, reading: readFrame(codec, frame) }));
  // backwards, twice running, and with what the client writes in between
  for (const { frame, reading } of once.reverse()) {
    writeOrRefuse(codec, subscribe({}, '2'));
    for (const again of [readFrame(codec, frame), readFrame(codec, frame)]) {
      if (sameJson(again, reading)) continue;
      throw mismatch(`${decoding(frame)}, again`, shownReading(reading), shownReading(again));
    }
  }
}

function checkClean(codec: Codec, frame: string): void {
  const added = pollutionBy(() => {
    try {
      readFrame(codec, frame);
    } catch {
      // what else is wrong with it, other cases tell
    }
  });
  if (added.length === 0) return;
  throw mismatch(`Object.prototype after ${decoding(frame)}`, 'nothing new', shown(added));
}
