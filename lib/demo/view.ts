import type { Cell } from './account.js';
import { titles, type Lane } from './lanes.js';

/** The stream that the demo writes to. If it is a terminal, the page is served until the user interrupts. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/**
 * Options of the demo. `plain`: one client, which prints each trade, in place of two that are compared. `seed`: of the trades, and of the order
 * and the times of the faults. `port`: of the page; another one is taken if it is in use. `signal`: of an interruption.
 */
export interface DemoOptions {
  readonly plain: boolean;
  readonly seconds: number;
  readonly seed: number;
  readonly port: number;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Waits for so many ms. Rejects at once when the user interrupts. */
export type Wait = (ms: number) => Promise<void>;

/** Prints lines that stay, and, on a terminal, lines below them that change. */
export function createView(output: Output) {
  let painted: readonly string[] = [];
  const write = (lines: readonly string[], below: readonly string[]) => {
    const clear = painted.length > 0 ? `\u001b[${painted.length}A\u001b[J` : '';
    painted = output.isTTY ? below : [];
    output.write(clear + [...lines, ...painted].map((line) => `${line}\n`).join(''));
  };
  return {
    print: (line: string) => write([line], painted),
    paint: (lines: readonly string[]) => write([], lines),
  };
}

/** Signs and colours. */
const looks = { received: '=32', recovered: '+33', missing: '.31', duplicate: '234' };

/** The latest blocks as a strip of characters. */
export function strip(cells: ReadonlyMap<number, Cell>, block: number, width: number): string {
  const mark = (_: unknown, index: number) => {
    const cell = cells.get(block - width + 1 + index);
    if (!cell) return ' ';
    return process.env.NO_COLOR ? looks[cell][0] : `\u001b[${looks[cell].slice(1)}m▇\u001b[0m`;
  };
  return Array.from({ length: width }, mark).join('');
}

/** A lane in two lines, behind an empty one. */
export const picture = (lane: Lane, ...[cells, block, width]: Parameters<typeof strip>) => [
  ...['', laneLine(lane, Date.now()).slice(0, width), strip(cells, block, width)],
];

/** A lane in one line. */
export function laneLine({ name, isConnected, time, account, billed }: Lane, now: number): string {
  const { received, recovered, missing, duplicate } = account.totals();
  const badge = isConnected ? '● connected' : '○ not connected';
  const age = time > 0 ? `${((now - time) / 1_000).toFixed(1)} s old` : '';
  const counts = `${received} received, ${recovered} recovered, ${missing} missing, ${duplicate} duplicate, ${billed} billed`;
  return `${titles[name].padEnd(17)}  ${badge.padEnd(15)}  ${age.padStart(10)}  ${counts}`;
}

/** Whether a client has each block once, and left no stream behind. */
export function isPerfect({ account, gaps, billed }: Lane): boolean {
  const { sent, missing, duplicate } = account.totals();
  return sent > 0 && missing + duplicate + billed === 0 && ![...gaps.values()].includes(true);
}

/** The accounts, a column for each lane. */
export function table(lanes: readonly Lane[]): readonly string[] {
  const columns = lanes.map(({ name, account, gaps, billed }) => ({
    ...{ '': titles[name], ...account.totals(), 'gaps shown': gaps.size },
    'streams still billed': billed,
  }));
  const cells = columns.map((column) => Object.values(column));
  return Object.keys({ ...columns[0] }).map((name, row) =>
    [name.padEnd(20), ...cells.map((column) => String(column[row]).padStart(17))].join('  '),
  );
}

/** Numbers above these are bad ones. */
const limits: Readonly<Record<string, number>> = { missing: 0, duplicate: 0, billed: 1 };

/** The figures of a lane, as the page shows them. */
export const figuresOf = ({ account, gaps, billed }: Lane) =>
  Object.entries({ ...account.totals(), gaps: gaps.size, billed }).map(([label, figure]) => ({
    ...{ label, figure, isBad: figure > (limits[label] ?? Infinity) },
  }));

/** A lane in a sentence, without its end. */
export function sumOf({ name, account }: Lane): string {
  const { sent, missing, duplicate } = account.totals();
  return `${titles[name]}: ${missing} of ${sent} blocks missing, ${duplicate} duplicate`;
}

/** A ring of `size` cells for the latest blocks: `ahead` of them stay empty before the oldest. */
export function createRing(size: number, ahead: number, set: (at: number, look: string) => void) {
  let latest = 0;
  return (block: number, look: string) => {
    if (block <= latest + ahead - size) return;
    for (; latest < block; latest += 1) set((latest + ahead) % size, '');
    set(block % size, look);
  };
}
