import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scenarios } from './choices.js';
import type { Findings } from './figure.js';
import { createNetwork, sweepNetworks } from './network.js';
import type { Request } from './scenario.js';

type Name = keyof typeof scenarios;

/** What the command line asks for. */
interface Asked extends Omit<Request, 'tell'> {
  readonly names: readonly Name[];
  /** A file for all that was found. */
  readonly json?: string | undefined;
  readonly quiet: boolean;
}

/** Resolves with whether all figures were met. It takes root, iproute2 and nftables. */
export async function runChaos({ names, json, quiet, ...request }: Asked): Promise<boolean> {
  // namespaces are removed when this process exits, and each has a listener
  process.setMaxListeners(0);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(1));
  await expectNamespaces();
  const { seed } = request;
  const given = process.argv.slice(3);
  const seeded = given.some((each) => /^--seed\b/.test(each));
  const again = [...given, ...(seeded ? [] : ['--seed', seed])].join(' ');
  console.log(`seed ${seed}; again: npm run test:chaos -- ${again}`);
  const started = Date.now();
  const results = await Promise.all(
    names.map(async (name) => {
      const tell = (text: string) => {
        if (!quiet) console.log(`[${name}] ${text}`);
      };
      return [name, await find(name, { ...request, tell })] as const;
    }),
  );
  let missed = 0;
  for (const [name, { figures, notes }] of results) {
    console.log([`\n${name}`, ...notes].join('\n  '));
    for (const { figure, measured, target, met } of figures) {
      if (!met) missed += 1;
      console.log(`  ${met ? 'ok    ' : 'MISSED'} ${figure}: ${measured} (${target})`);
    }
  }
  const write = (file: string, found: readonly (readonly [Name, object])[]) => {
    writeFileSync(
      file,
      JSON.stringify({ ...request, results: Object.fromEntries(found) }, null, 2),
    );
  };
  if (json !== undefined)
    write(
      json,
      results.map(([name, { evidence: _, ...rest }]) => [name, rest]),
    );
  if (missed > 0) {
    const file = join(mkdtempSync(join(tmpdir(), 'rx-graphql-ws-chaos-')), 'evidence.json');
    write(file, results);
    console.log(`\nall that was logged: ${file}`);
  }
  const seconds = Math.round((Date.now() - started) / 1_000);
  const verdict = missed === 0 ? 'survived' : `${missed} figures missed`;
  console.log(`\nchaos: ${verdict}, seed ${seed}, ${seconds} s`);
  return missed === 0;
}

async function expectNamespaces(): Promise<void> {
  try {
    sweepNetworks();
    await createNetwork('probe');
  } catch (error) {
    console.error(
      'CHAOS DID NOT RUN: no network namespaces here. It takes root, iproute2 and nftables.',
    );
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}

async function find(name: Name, request: Request): Promise<Findings> {
  try {
    return await scenarios[name](request);
  } catch (error) {
    const measured = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const figures = [{ figure: 'ran to its end', measured, target: 'yes', met: false }];
    return { figures, notes: [], details: {}, evidence: {} };
  }
}
