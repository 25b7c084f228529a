import { format, resolveConfig } from 'prettier';
import type { Outcome, Run } from '../outcome.js';
import { measured, short, shortInterval, shortTarget, shortVerdict } from './format.js';

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
