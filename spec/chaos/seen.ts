import type { ClientLine } from './log-line.js';

/** Window in which dials are counted, in ms. */
const window = 10_000;

/** The lines of one client. */
export function linesOf(lines: readonly ClientLine[], client: string): readonly ClientLine[] {
  return lines.filter((line) => line.client === client);
}

/** The most dials that one client made within any 10 s. */
export function mostDials(lines: readonly ClientLine[]): number {
  const dials = lines.filter(({ type }) => type === 'dial').map(({ at }) => at);
  const within = dials.map((from) => dials.filter((at) => at >= from && at < from + window).length);
  return Math.max(0, ...within);
}

/** How often a client was connected. */
export function countConnections(lines: readonly ClientLine[]): number {
  return lines.filter((line) => line.type === 'event' && line.event === 'acknowledged').length;
}

/** What went wrong in the process itself. */
export function crashesIn(lines: readonly ClientLine[]): readonly string[] {
  return lines.flatMap((line) => (line.type === 'crash' ? [line.error] : []));
}

/** How long after `since` a client was in that state first, in ms; Infinity: never. */
export function reached(lines: readonly ClientLine[], since: number, state: string): number {
  const line = lines.find(
    (line) => line.type === 'status' && line.at >= since && line.state === state,
  );
  return line ? line.at - since : Infinity;
}

/** How long after `since` a client got its first value, in ms; Infinity: never. */
export function resumed(lines: readonly ClientLine[], since: number): number {
  const line = lines.find(({ type, at }) => type === 'value' && at >= since);
  return line ? line.at - since : Infinity;
}

/** What `status$` told of lost connections and failed attempts. */
export function errorsOf(lines: readonly ClientLine[]): readonly string[] {
  return lines.flatMap((line) =>
    line.type === 'status' && line.error !== undefined ? [line.error] : [],
  );
}
