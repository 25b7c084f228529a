import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { FeedVariables } from '../feed.js';
import { sequenceAt, sequenceDigits, stampAt, stampDigits } from '../result.js';
import { drained } from '../../helpers/net/drained.js';
import type { Gates } from './gates.js';

/** Writes copies of frames in turn, numbered and stamped with the time, at the pace that was asked for. While the client does not read, or its gate is shut, the clock of the feed stands still. */
export async function pace(
  stream: Duplex,
  frames: readonly Buffer[],
  { rate = 1, burst = rate, results = Infinity, gate }: FeedVariables,
  gates: Gates,
): Promise<void> {
  const templates = frames.map((frame) => {
    const text = frame.toString('latin1');
    return { frame, at: sequenceAt(text), stamp: stampAt(text) };
  });
  let start = performance.now();
  const standStill = async (until: Promise<void>) => {
    const since = performance.now();
    await until;
    start += performance.now() - since;
  };
  // a client that has left opens no gate
  if (gate !== undefined) stream.once('close', () => gates.open(gate));
  for (let sent = 0; sent < results && stream.writable;) {
    const opened = gates.opened(gate);
    if (opened) {
      await standStill(opened);
      continue;
    }
    if (sent >= due(performance.now() - start, rate, burst)) {
      await delay(1);
      continue;
    }
    const { frame, at, stamp } = templates[sent % templates.length]!;
    const copy = Buffer.from(frame);
    copy.write(sequenceDigits(sent), at, 'latin1');
    if (stamp >= 0) copy.write(stampDigits(), stamp, 'latin1');
    sent += 1;
    if (!stream.write(copy)) await standStill(drained(stream));
  }
}

/** How many there should be after so many ms. */
function due(ms: number, rate: number, burst: number): number {
  const seconds = Math.floor(ms / 1_000);
  const rest = ms / 1_000 - seconds;
  const ofBurst = Math.min(rest, 0.1);
  return seconds * (burst * 0.1 + rate * 0.9) + burst * ofBurst + rate * (rest - ofBurst);
}
