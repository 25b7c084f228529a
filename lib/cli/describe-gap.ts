import type { Gap } from 'rx-graphql-ws/recovery';

/** Tells of a gap in a line. */
export function describeGap({ since, until }: Pick<Gap, 'since' | 'until'>): string {
  const from = since === undefined ? 'since the last run' : `from ${inTime(since)}`;
  return `gap: results ${from} to ${inTime(until)} may be missing`;
}

function inTime(at: number): string {
  return new Date(at).toISOString();
}
