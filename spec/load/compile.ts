import { rmSync } from 'node:fs';
import { build } from 'esbuild';

/**
 * Compiles the programs of this folder, and the library with them, as a build does: what tsx makes of closures (each is given its name, when
 * it is made) would be measured instead of them, and graphql-ws comes compiled.
 *
 * @returns the folder that they are in, until this process ends
 */
export async function compile(): Promise<string> {
  const out = `.cache/load/${process.pid}`;
  process.once('exit', () => {
    rmSync(out, { recursive: true, force: true });
  });
  await build({
    entryPoints: [
      'run-scenario',
      'operations-sample',
      'throughput-sample',
      'feed/feed-server',
      'storm-clients',
    ].map((name) => `spec/load/${name}.ts`),
    outbase: 'spec/load',
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    logLevel: 'error',
  });
  return out;
}
