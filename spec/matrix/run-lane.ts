import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { endWithUs } from '../helpers/end-with-us.js';
import { consumer, type Consumer } from '../package/consumer.js';
import {
  bare,
  neutralFiles,
  nodeTypes,
  resolutions,
  serverFiles,
  typedFiles,
} from '../package/typed-files.js';
import type { Lane } from './lanes.js';
import { nameOf } from './lanes.js';
import { smokeProgram } from './smoke.js';

const serverProgram = 'server.mjs';
const modules = resolve('spec/matrix/node_modules');
const node = (name: string) => (file: string) => [`${modules}/${name}/bin/node`, file];

/** The commands that run a program. The binaries come from packages of npm; the scripts that would copy them do not run. */
const commands: Readonly<Record<Lane['runtime'], (file: string) => string[]>> = {
  'node-20': node('node-20'),
  'node-22': node('node-22'),
  'node-24': node('node-24'),
  'node-26': node('node-26'),
  bun: (file) => [`${modules}/@oven/bun-linux-x64/bin/bun`, file],
  deno: (file) => [`${modules}/@deno/linux-x64-glibc/deno`, 'run', '--allow-all', file],
  workerd: (file) => [
    `${modules}/@cloudflare/workerd-linux-64/bin/workerd`,
    'test',
    `${file}.capnp`,
  ],
};

const workerdConfig = (file: string) => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ( name = "smoke",
      worker = (
        modules = [(name = "smoke", esModule = embed "${file}")],
        compatibilityDate = "2026-11-01",
        globalOutbound = "loopback",
      ) ),
    ( name = "loopback", network = (allow = ["127.0.0.1/32"]) ),
  ],
);`;

/** Runs a program to its end. @throws Error - with its output, if it fails or takes too long */
function run([command, ...args]: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, timeout: 120_000, killSignal: 'SIGKILL' } as const;
    const child = execFile(command!, args, options, (error, stdout) => {
      if (error) reject(new Error(`${error.message}\n${stdout}`));
      else resolve(stdout);
    });
    endWithUs(child);
  });
}

async function compile(lane: Lane, installed: Consumer): Promise<void> {
  const { compiler, resolution } = lane;
  if (!compiler || !resolution) return;
  const options = { ...resolutions[resolution], exactOptionalPropertyTypes: true };
  const complaints =
    (await installed.compile(compiler, { ...options, ...bare }, neutralFiles)) +
    (await installed.compile(
      compiler,
      { ...options, ...nodeTypes, skipLibCheck: false },
      serverFiles,
    ));
  if (complaints) throw new Error(complaints);
}

/** Bundles a program, and returns the name of the bundle, in which there must be no `ws`. */
async function bundle(lane: Lane, file: string, directory: string): Promise<string> {
  if (!lane.bundler) return file;
  const isScript = ['webpack', 'metro'].includes(lane.bundler);
  const output = `${nameOf(lane)}.bundle.${isScript ? 'js' : 'mjs'}`;
  await run(
    [
      process.execPath,
      resolve('spec/matrix/bundle.mjs'),
      lane.bundler,
      join(directory, file),
      join(directory, output),
    ],
    directory,
  );
  // an option of ws, which minifiers keep: it is in ws and in our build that imports ws
  if (readFileSync(join(directory, output), 'utf8').includes('followRedirects'))
    throw new Error(`${output} contains ws, or the build that imports it`);
  return output;
}

/** Has a server of the installed package judge what a client does with it. */
async function withServer(
  directory: string,
  converse: (urls: Record<string, string>) => Promise<void>,
): Promise<void> {
  const server = spawn(process.execPath, [serverProgram], { cwd: directory, stdio: 'pipe' });
  endWithUs(server);
  let complaints = '';
  server.stderr.on('data', (data: Buffer) => (complaints += data.toString()));
  const exited = once(server, 'close') as Promise<[number | null]>;
  const line = await Promise.race([
    once(createInterface({ input: server.stdout }), 'line') as Promise<[string]>,
    exited.then(() => undefined),
  ]);
  if (!line) throw new Error(`the server ended at once:\n${complaints}`);
  try {
    await converse(JSON.parse(line[0]) as Record<string, string>);
  } finally {
    server.stdin.end();
    await exited;
  }
  const [code] = await exited;
  if (code !== 0) throw new Error(complaints);
}

/** Installs the package beside a version of rxjs, for all lanes that have it. */
export function prepare(rxjs: Lane['rxjs']): Consumer {
  const installed = consumer(`${modules}/rxjs-${rxjs}`);
  installed.write(typedFiles);
  copyFileSync(`spec/matrix/${serverProgram}`, join(installed.directory, serverProgram));
  return installed;
}

/** @throws Error - the lane is not as it should be */
export async function runLane(lane: Lane, installed: Consumer): Promise<void> {
  const { directory } = installed;
  await compile(lane, installed);
  await withServer(directory, async (urls) => {
    const source = `${nameOf(lane)}.${lane.modules === 'esm' ? 'mjs' : 'cjs'}`;
    installed.write({ [source]: smokeProgram(lane, urls) });
    const file = await bundle(lane, source, directory);
    installed.write({ [`${file}.capnp`]: workerdConfig(file) });
    const out = await run(commands[lane.runtime](file), directory);
    if (out.trim() !== 'ok') throw new Error(`printed ${JSON.stringify(out)} instead of ok`);
  });
}
