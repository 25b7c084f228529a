import { rmSync } from 'node:fs';
import { build } from 'esbuild';

/**
 * Compiles programs of a folder, and the library with them, as a build does: what tsx makes of closures (each is given its name, when it is
 * made) would be measured instead of them, and the libraries that ours is compared with come compiled.
 *
 * @returns the folder that they are in, until this process ends
 */
export async function compilePrograms(
  folder: string,
  programs: readonly string[],
): Promise<string> {
  const out = `.cache/${folder}/${process.pid}`;
  process.once('exit', () => rmSync(out, { recursive: true, force: true }));
  await build({
    entryPoints: programs.map((name) => `${folder}/${name}.ts`),
    outbase: folder,
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
