import { format, resolveConfig } from 'prettier';
import type { Figure, Outcome, Run } from '../verdict.js';
import type { Target } from '../workload.js';

/** Three significant digits; thousands are whole. */
export function short(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1_000) {
    const whole = Math.round(value).toString();
    return whole.replace(/\B(?=(\d{3})+$)/g, ' ');
  }
  return Number(value.toPrecision(3)).toString();
}

export function shortTarget(target: Target | undefined): string {
  if (!target) return '';
  return 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
}

/** The median, and the interval where there is one. */
export function shortInterval({ median, low, high, unit }: Figure): string {
  const interval = low === high ? '' : ` (${short(low)} – ${short(high)})`;
  return `${short(median)}${interval}${unit === '' || unit === '×' ? '' : ` ${unit}`}`;
}

export function shortVerdict({ verdict, why }: Figure): string {
  return [verdict, why].filter((one) => one !== undefined).join(': ');
}

/** What is measured of a client, by its name in a sample, with its unit. Further names are counts, which tests look at. */
export const measured: Readonly<Record<string, string>> = {
  rate: 'results/s',
  cpu: 'processor, µs',
  busy: 'busy',
  ms: 'ms',
  warm: 'ms',
  cold: 'first in its process, ms',
  p50: 'median',
  p99: 'p99',
  longest: 'longest, ms',
  heap: 'bytes',
  resident: 'resident set, MiB',
  growth: 'growth, MiB',
  growthOfAll: 'from the first result on, MiB',
  slope: 'resident set, MiB/s',
  perSecond: 'processor in a second, µs',
  lost: 'lost',
};

const begin = '<!-- bench:begin -->';
const end = '<!-- bench:end -->';

/**
 * A document with the tables of a run between its markers.
 *
 * @throws Error - there are no markers
 */
export async function withTables(document: string, run: Run): Promise<string> {
  expectMarkers(document);
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  const text = `${document.slice(0, from)}${begin}\n\n${tables(run)}\n\n${document.slice(to)}`;
  return format(text, { ...(await resolveConfig('README.md')), parser: 'markdown' });
}

/** @throws Error - there are no markers */
export function expectMarkers(document: string): void {
  const from = document.indexOf(begin);
  if (from < 0 || document.indexOf(end) < from)
    throw new Error(`the document lacks ${begin} … ${end}`);
}

function tables({ date, node, machine, command, seconds, outcomes, failed }: Run): string {
  const targets = outcomes.flatMap(({ name, figures }) =>
    figures.map((figure) => [
      `\`${name}\``,
      figure.what,
      shortInterval(figure),
      shortTarget(figure.target),
      shortVerdict(figure),
    ]),
  );
  const failures = failed.map(({ name, reason }) => [
    `\`${name}\``,
    oneLine(reason),
    '',
    '',
    'failed',
  ]);
  return [
    `${date}, Node ${node}, ${machine}; ${Math.ceil(seconds / 60)} min. The command: \`${command}\``,
    '### Side by side',
    table(
      ['workload', 'figure', 'median (interval)', 'target', 'verdict'],
      [...targets, ...failures],
    ),
    '### Each by itself',
    ...outcomes.map(byItself),
  ].join('\n\n');
}

function byItself({ name, rounds, variants }: Outcome): string {
  const names = Object.keys(Object.values(variants)[0] ?? {}).filter((value) => value in measured);
  const rows = Object.entries(variants).map(([variant, sample]) => [
    variant,
    ...names.map((value) => short(sample[value] ?? NaN)),
  ]);
  const heading = [
    `\`${name}\`, ${rounds} of each`,
    ...names.map((value) => measured[value] ?? ''),
  ];
  return table(heading, rows);
}

/** As a cell takes it. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}
