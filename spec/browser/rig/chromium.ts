import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type Cdp, connectCdp } from './cdp.js';

/** Ids of the processes with the text in their command line that still run after `ms`; it returns earlier when none is left. */
async function processesOf(text: string, ms: number): Promise<readonly string[]> {
  const deadline = performance.now() + ms;
  for (;;) {
    const left = await running(text);
    if (left.length === 0 || performance.now() > deadline) return left;
    await delay(20);
  }
}

async function running(text: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')),
  );
  return ids.filter((_id, index) => lines[index]?.includes(text));
}

/** A Chromium of our own, with a profile of its own. */
export interface Chromium {
  readonly cdp: Cdp;
  /** Stops all of its processes, as a laptop does that goes to sleep; what arrives waits in the operating system. */
  suspend(): void;
  /** They go on. */
  resume(): void;
  /** Ends it. @throws Error - a process of it outlived that. */
  close(): Promise<void>;
}

const switches = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  ...['--no-first-run', '--no-default-browser-check', '--disable-default-apps', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
  '--remote-debugging-pipe',
];

/** @throws Error - there is no Chromium where `CHROMIUM`, or the default, points to, or it does not start. */
export async function launchChromium(further: readonly string[] = []): Promise<Chromium> {
  const { CHROMIUM = '/usr/bin/chromium' } = process.env;
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'));
  const child = spawn(CHROMIUM, [...switches, ...further, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    // a group of its own, which can be signalled as one
    detached: true,
  });
  const signal = (name: NodeJS.Signals) => {
    const { pid, exitCode, signalCode } = child;
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, name);
  };
  const kill = () => signal('SIGKILL');
  process.once('exit', kill);
  const ended = endOf(child, CHROMIUM);
  const cdp = connectCdp(child.stdio[3] as Writable, child.stdio[4] as Readable);
  const close = async () => {
    process.off('exit', kill);
    const left = await processesOf(profile, 5_000);
    for (const id of left) process.kill(Number(id), 'SIGKILL');
    kill();
    await ended.catch(() => undefined);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    if (left.length > 0) throw new Error(`Chromium left processes behind: ${left.join()}`);
  };
  try {
    await Promise.race([cdp.session().send('Browser.getVersion'), ended]);
  } catch {
    kill();
    await close();
    // why it ended says more than that it did not answer
    await ended;
  }
  return {
    cdp,
    suspend: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    async close() {
      await cdp.session().send('Browser.close');
      await close();
    },
  };
}

/** Rejects when it ends, and says what may be done about that. */
function endOf(child: ChildProcess, path: string): Promise<never> {
  const ended = new Promise<never>((_resolve, reject) => {
    const advice = `give the path of a Chromium in CHROMIUM (now ${path})`;
    let said = '';
    child.stderr?.on('data', (data: Buffer) => {
      said = (said + data.toString()).slice(-2_000);
    });
    child.once('error', ({ message }) => reject(new Error(`no Chromium: ${message}; ${advice}`)));
    child.once('close', (code) => {
      reject(new Error(`Chromium ended, with ${String(code)}; ${advice}\n${said}`));
    });
  });
  // an end that nobody waits for is no failure
  ended.catch(() => undefined);
  return ended;
}
