import type { SocketStatus } from 'rx-graphql-ws';

/** The counts of a run so far. */
export interface Progress {
  state: SocketStatus['state'];
  connections: number;
  results: number;
  gaps: number;
  /** Results that have `errors`. */
  failures: number;
  /** The reason of the last failure of the connection. */
  lastFailure: string | undefined;
  /** When the last frame came, in ms since the epoch. */
  frameAt: number | undefined;
}

export const createProgress = (): Progress => ({
  state: 'idle',
  connections: 0,
  results: 0,
  gaps: 0,
  failures: 0,
  lastFailure: undefined,
  frameAt: undefined,
});

/** `1 gap`, `2 gaps`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Sums the progress up in a line. */
export function summarise({ results, connections, gaps }: Progress): string {
  return [
    plural(results, 'result'),
    plural(Math.max(0, connections - 1), 'reconnect'),
    plural(gaps, 'gap'),
  ].join(', ');
}
