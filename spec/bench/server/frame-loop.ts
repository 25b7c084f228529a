import { frame } from '../../helpers/net/frame.js';
import { roundsOf, type FeedVariables } from '../feed.js';
import { sequenceAt, sequenceDigits } from '../result.js';
import type { Words } from './words.js';

/** Frames that are written again and again, made in advance. */
export interface FrameLoop {
  readonly bytes: Buffer;
  /** Where each begins; the last is the end of all. */
  readonly offsets: Float64Array;
}

/** Makes the loops of single operations once: many sockets, one after another or at once, ask for the same. */
export function frameLoops(): typeof frameLoop {
  const made = new Map<string, FrameLoop>();
  return (words, ids, text, variables) => {
    if (ids.length > 1) return frameLoop(words, ids, text, variables);
    const results = roundsOf(variables);
    const key = JSON.stringify([words.subscribe, ids, { ...variables, results }]);
    const loop = made.get(key) ?? frameLoop(words, ids, text, variables);
    made.set(key, loop);
    return loop;
  };
}

/** One frame for each operation in turn, again and again; the nth differing result has number n. */
export function frameLoop(
  { result }: Words,
  ids: readonly string[],
  text: string,
  variables: FeedVariables,
): FrameLoop {
  const round = ids.map((id) => frame(result(id, text, variables.sorted)));
  const lengths = round.map(({ length }) => length);
  const { repeat = 1 } = variables;
  const rounds = roundsOf(variables);
  const bytes = Buffer.concat(Array.from({ length: rounds }, () => round).flat());
  const offsets = new Float64Array(rounds * ids.length + 1);
  const at = round.map((one) => sequenceAt(one.toString('latin1')));
  for (let n = 0; n < rounds * ids.length; n += 1) {
    const which = n % ids.length;
    bytes.write(sequenceDigits(Math.floor(n / repeat)), offsets[n]! + at[which]!, 'latin1');
    offsets[n + 1] = offsets[n]! + lengths[which]!;
  }
  return { bytes, offsets };
}
