// node spec/helpers/side-by-side.mjs <most at once> <command> …
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Runs commands side by side, prints the output of each as a whole, and lets this process fail when one of them has failed. It writes all before
 * it ends: a runner that calls process.exit() loses what a pipe has not taken yet.
 */
export async function sideBySide(most, commands) {
  const waiting = [...commands];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await run(next);
  };
  await Promise.all(Array.from({ length: most }, work));
}

/** Resolves when the command has ended, and its output is written. */
function run(command) {
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => output.push(part));
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      if (code !== 0) process.exitCode = 1;
      const end = code === 0 ? '' : `ended with ${code ?? signal}: ${command}\n`;
      process.stdout.write(
        Buffer.concat([Buffer.from(`$ ${command}\n`), ...output, Buffer.from(`${end}\n`)]),
      );
      resolve();
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [most, ...commands] = process.argv.slice(2);
  await sideBySide(Number(most), commands);
}
