import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A project outside of the repository that has the packed package installed, rxjs, and nothing else. */
export interface Consumer {
  readonly directory: string;
  /** The files in the tarball. */
  readonly packed: readonly string[];
  /** The bytes of all of them. */
  readonly unpackedSize: number;
  write(files: Readonly<Record<string, string>>): void;
  /** What a Node program prints; throws what it throws. */
  run(file: string, ...nodeOptions: string[]): string;
  /** The complaints of a compiler about `files`; empty when it has none. */
  compile(compiler: Compiler, options: object, files: readonly string[]): Promise<string>;
}

const homes = {
  typescript: 'node_modules/typescript',
  'typescript-5.4': 'node_modules/typescript-5.4',
  // installed by `npm run test:matrix` alone
  'typescript-7': 'spec/matrix/node_modules/typescript-7',
};

/** The names under which the compilers are installed here. */
export type Compiler = keyof typeof homes;
export const compilers: readonly Compiler[] = ['typescript', 'typescript-5.4'];

const installed = new Map<string, Consumer>();

/** Packs what was built and installs it beside the rxjs in a folder, once for all specs. */
export function consumer(rxjs = 'node_modules/rxjs'): Consumer {
  const known = installed.get(rxjs) ?? install(rxjs);
  installed.set(rxjs, known);
  return known;
}

const waiting: (() => void)[] = [];
let free = availableParallelism();

/** The first diagnostics of a compiler, as text; empty when it has none. There are as many compilers at work as there are cores. */
export async function compile(compiler: Compiler, project: string): Promise<string> {
  if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
  else free -= 1;
  const said = await new Promise<string>((resolve) => {
    const tsc = `${homes[compiler]}/bin/tsc`;
    execFile(process.execPath, [tsc, '-p', project], (_error, stdout, stderr) => {
      resolve(stdout + stderr);
    });
  });
  const next = waiting.shift();
  if (next) next();
  else free += 1;
  return said.split('\n').slice(0, 20).join('\n');
}

function install(rxjs: string): Consumer {
  const directory = mkdtempSync(join(tmpdir(), 'rx-graphql-ws-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const pack = npm(['pack', '--json', '--ignore-scripts', '--pack-destination', directory]);
  const [{ filename, files, unpackedSize }] = JSON.parse(pack) as [
    { filename: string; files: readonly { path: string }[]; unpackedSize: number },
  ];
  const write: Consumer['write'] = (contents) => {
    for (const [file, text] of Object.entries(contents)) writeFileSync(join(directory, file), text);
  };
  // Copies of what is installed here: a real install, without the registry.
  const copied = Object.fromEntries(
    ['tslib', 'isomorphic-ws', 'ws'].map((name) => [name, `file:${resolve('node_modules', name)}`]),
  );
  write({
    'package.json': JSON.stringify({
      private: true,
      dependencies: {
        'rx-graphql-ws': `file:${filename}`,
        ...copied,
        rxjs: `file:${resolve(rxjs)}`,
      },
    }),
  });
  let projects = 0;
  npm(
    ['install', '--offline', '--install-links', '--ignore-scripts', '--no-audit', '--no-fund'],
    directory,
  );
  return {
    directory,
    packed: files.map(({ path }) => path).sort(),
    unpackedSize,
    write,
    run: (file, ...nodeOptions) =>
      execFileSync(process.execPath, [...nodeOptions, file], {
        cwd: directory,
        encoding: 'utf8',
        stdio: 'pipe',
        timeout: 20_000,
      }).trim(),
    compile: (compiler, compilerOptions, include) => {
      const project = `tsconfig.${(projects += 1)}.json`;
      write({
        [project]: JSON.stringify({
          compilerOptions: { strict: true, noEmit: true, ...compilerOptions },
          files: include,
        }),
      });
      return compile(compiler, join(directory, project));
    },
  };
}

function npm(args: readonly string[], cwd = process.cwd()): string {
  return execFileSync('npm', [...args, '--silent'], { cwd, encoding: 'utf8', stdio: 'pipe' });
}
