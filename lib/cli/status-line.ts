import { plural, type Progress } from './progress.js';

/** ms over which the results a second are counted. */
const window = 3_000;

const colours: Partial<Record<Progress['state'], number>> = {
  connected: 32,
  waiting: 31,
  connecting: 33,
};

/** Writes the progress in one line. It remembers the counts of the last seconds. */
export function createStatusLine(hasColours: boolean) {
  let counts: (readonly [at: number, results: number])[] = [];
  return ({ state, connections, results, gaps, frameAt }: Progress, now: number): string => {
    counts = [...counts.filter(([at]) => now - at <= window), [now, results]];
    const [[since, before]] = counts as [(typeof counts)[number]];
    const rate = now > since ? ((results - before) * 1_000) / (now - since) : 0;
    const colour = hasColours ? colours[state] : undefined;
    return [
      colour === undefined ? state : `\u001b[${colour}m${state}\u001b[0m`,
      frameAt === undefined ? 'no frame yet' : `last frame ${inSeconds(now - frameAt)} ago`,
      `${rate.toFixed(rate < 10 ? 1 : 0)}/s`,
      plural(results, 'result'),
      plural(Math.max(0, connections - 1), 'reconnect'),
      plural(gaps, 'gap'),
    ].join(' | ');
  };
}

/** ms as seconds. */
export function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
