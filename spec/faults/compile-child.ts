import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Another process may run the table at the same time. */
const outfile = fileURLToPath(new URL(`../../.cache/faults/${process.pid}.mjs`, import.meta.url));

/**
 * child.ts as one file of JavaScript: hundreds of processes would spend most of their time on loading it, and what somebody saves
 * meanwhile does not reach one row and miss another. Returns where it is; it goes with this process.
 */
export async function compileChild(): Promise<string> {
  await build({
    entryPoints: [fileURLToPath(new URL('./child.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    external: [
      'chai',
      'graphql-ws',
      'isomorphic-ws',
      'selfsigned',
      'subscriptions-transport-ws',
      'ws',
    ],
    logLevel: 'error',
  });
  process.once('exit', () => rmSync(outfile, { force: true }));
  return outfile;
}
