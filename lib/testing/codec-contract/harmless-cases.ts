import type { ClientMessage, Codec } from 'rx-graphql-ws';
import { sameJson } from '../json.js';
import { type CodecDialect, samplesOf } from './dialect.js';
import * as examples from './examples.js';
import { type Cases, casesOf, decoding, each, mismatch, readFrame } from './reading.js';
import { shown, shownReading, writeOrRefuse } from './reading.js';

export function harmlessCases(codec: Codec, dialect: CodecDialect): Cases {
  const samples = samplesOf(dialect);
  const framesOf = (messages: readonly ClientMessage[]) =>
    messages.map((message) => writeOrRefuse(codec, message) ?? '').filter(Boolean);
  const known = () =>
    samples.length > 0 ? samples : [...likelyFrames(codec), ...framesOf(examples.plainMessages())];
  const groups: Readonly<Record<string, () => readonly string[]>> = {
    'text that is no frame': () => examples.hostileFrames,
    'frames that are too long or too deep': examples.hugeFrames,
    'frames of other dialects': examples.guessedFrames,
    'frames of a client': () => framesOf(examples.clientMessages()),
    'frames that are cut off': () => known().flatMap(examples.cutOff),
    'frames with a changed, lost or added character': () => known().flatMap(examples.slipped),
    'frames with a replaced or lost value': () => known().flatMap(examples.replaced),
    'frames with a repeated field': () => known().flatMap(examples.doubled),
  };
  return {
    ...casesOf(groups, 'decode gives a message or throws a ProtocolError for %', (frames) =>
      each(frames, (frame) => readFrame(codec, frame)),
    ),
    'decode gives the same message for a frame after any other': () =>
      checkForgetful(codec, [
        ...examples.hostileFrames,
        ...known(),
        ...known().flatMap(examples.replaced),
      ]),
    'decode leaves Object.prototype unchanged': each(
      () => known().flatMap(examples.replaced),
      (frame) => checkClean(codec, frame),
    ),
  };
}

function checkClean(codec: Codec, frame: string): void {
  const added = pollutionBy(() => {
    try {
      readFrame(codec, frame);
    } catch {
      // other cases report it
    }
  });
  if (added.length > 0)
    throw mismatch(`Object.prototype after ${decoding(frame)}`, 'nothing new', shown(added));
}

/** Runs a function, then removes and names everything that it added to `Object.prototype`. */
export function pollutionBy(run: () => void): readonly string[] {
  const known = Reflect.ownKeys(Object.prototype);
  let added: readonly PropertyKey[] = [];
  try {
    run();
  } finally {
    added = Reflect.ownKeys(Object.prototype).filter((key) => !known.includes(key));
    for (const key of added) Reflect.deleteProperty(Object.prototype, key);
  }
  return added.map(String);
}

function likelyFrames(codec: Codec): readonly string[] {
  const read = examples
    .guessedFrames()
    .map((frame) => [readFrame(codec, frame).type, frame] as const);
  return ['ack', 'rejected', 'ping', 'pong', 'next', 'error', 'complete'].flatMap(
    (wanted) => read.find(([type]) => type === wanted)?.[1] ?? [],
  );
}

function checkForgetful(codec: Codec, frames: readonly string[]): void {
  const once = frames.map((frame) => ({ frame, reading: readFrame(codec, frame) }));
  // backwards, twice in a row, and with messages of the client between
  for (const { frame, reading } of once.reverse()) {
    writeOrRefuse(codec, examples.subscribe({}, '2'));
    for (const again of [readFrame(codec, frame), readFrame(codec, frame)])
      if (!sameJson(again, reading))
        throw mismatch(`${decoding(frame)}, again`, shownReading(reading), shownReading(again));
  }
}
