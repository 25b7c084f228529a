// `npm run test:chaos`: see CONTRIBUTING.md. It takes root, iproute2 and nftables.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from '../helpers/read-command-line.js';
import type { Findings } from './figure.js';
import { createNetwork, sweepNetworks } from './network.js';
import { readArguments } from './read-arguments.js';
import { scenarios } from './scenarios.js';

const say = (text: string) => {
  console.log(text);
};
const refuse = (...lines: readonly string[]): never => {
  for (const line of lines) console.error(line);
  process.exit(2);
};
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const usage =
  'usage: npm run test:chaos -- [<scenario>] … [--seconds <s>] [--seed <n>] [--only <kind>,…] [--legacy] [--repeat <n>] [--loss in,out] [--loss-seconds <s>] [--sabotage <name>] [--json <file>] [--quiet]';
const { names, json, quiet, ...request } = readCommandLine(usage, readArguments);

// Namespaces and processes are removed when this process exits; each has a listener.
process.setMaxListeners(0);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(1));
}

try {
  sweepNetworks();
  await createNetwork('probe');
} catch (error) {
  refuse(
    'CHAOS DID NOT RUN: no network namespaces here. It takes root, iproute2 and nftables.',
    messageOf(error),
  );
}

const run = async (name: keyof typeof scenarios): Promise<readonly [string, Findings]> => {
  const tell = (text: string) => {
    if (!quiet) say(`[${name}] ${text}`);
  };
  try {
    return [name, await scenarios[name]({ ...request, tell })];
  } catch (error) {
    const measured = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const figures = [{ figure: 'ran to its end', measured, target: 'yes', met: false }];
    return [name, { figures, notes: [], details: {}, evidence: {} }];
  }
};

const given = process.argv.slice(2);
const seeded = given.some((each) => /^--seed\b/.test(each));
const again = [...given, ...(seeded ? [] : ['--seed', request.seed])].join(' ');
say(`seed ${request.seed}; again: npm run test:chaos -- ${again}`);
const started = Date.now();
const results = await Promise.all(names.map(run));
let missed = 0;
for (const [name, { figures, notes }] of results) {
  say(`\n${name}`);
  for (const note of notes) say(`  ${note}`);
  for (const { figure, measured, target, met } of figures) {
    if (!met) missed += 1;
    say(`  ${met ? 'ok    ' : 'MISSED'} ${figure}: ${measured} (${target})`);
  }
}
const bare = results.map(([name, { evidence: _, ...rest }]) => [name, rest] as const);
if (json !== undefined) {
  writeFileSync(json, JSON.stringify({ ...request, results: Object.fromEntries(bare) }, null, 2));
}
if (missed > 0) {
  const file = join(mkdtempSync(join(tmpdir(), 'rx-graphql-ws-chaos-')), 'evidence.json');
  writeFileSync(file, JSON.stringify({ ...request, results: Object.fromEntries(results) }));
  say(`\nall that was logged: ${file}`);
}
const seconds = Math.round((Date.now() - started) / 1_000);
const verdict = missed === 0 ? 'survived' : `${missed} figures missed`;
say(`\nchaos: ${verdict}, seed ${request.seed}, ${seconds} s`);
process.exit(missed === 0 ? 0 : 1);
