import { rmSync } from 'node:fs';
import { build } from 'esbuild';

/** The packages that programs load, besides rxjs. */
const packages = [
  ...['chai', 'commander', 'graphql', 'graphql-ws', 'isomorphic-ws', 'selfsigned'],
  ...['subscriptions-transport-ws', 'ws'],
];

/**
 * Compiles programs of a folder, and the library with them, as a build does. The closures of tsx would be measured otherwise, because tsx gives
 * each its name when it is made; and the libraries that ours is compared with come compiled. What somebody saves meanwhile reaches no process.
 *
 * @param withRxjs - puts rxjs into the programs: hundreds of short processes would spend most of their time on loading it
 * @returns the folder that they are in, until this process ends
 */
export async function compilePrograms(
  folder: string,
  programs: readonly string[],
  withRxjs = false,
): Promise<string> {
  // another process may do the same at the same time
  const out = `.cache/${folder}/${process.pid}`;
  process.once('exit', () => rmSync(out, { recursive: true, force: true }));
  await build({
    entryPoints: programs.map((name) => `${folder}/${name}.ts`),
    outbase: folder,
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    ...(withRxjs ? { external: packages } : { packages: 'external' }),
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    logLevel: 'error',
  });
  return out;
}
