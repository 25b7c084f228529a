/** The program behind `npm start`. */
import { parseArgs } from 'node:util';
import { runDemo } from './run-demo.js';

const usage = `Usage: npm start -- [options]

Two clients meet the same faults on a server on this machine: that of this package, and a plain one. Prints the
address of a page that shows both, and a table in the end; exits with 0 if the first has each block once.

  --seconds <n>  for how long (default: 60; with --plain 20)
  --seed <n>     the order and the times of the faults (default: drawn, and printed)
  --port <n>     the port of the page (default: 4380)
  --plain        one client, and one fault; prints each trade
  --help         show this text
`;

function toNumber(name: string, text: string, greatest: number): number {
  const number = Number(text);
  if (number > 0 && number <= greatest) return number;
  throw new TypeError(`--${name} must be a number > 0 and ≤ ${greatest}, got '${text}'`);
}

function readOptions() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    options: { seconds: text, seed: text, port: text, plain: flag, help: { ...flag, short: 'h' } },
  });
  const { plain = false, help = false, seconds = plain ? '20' : '60', port = '4380' } = values;
  const { seed = String(1 + Math.floor(Math.random() * 1_000_000)) } = values;
  return {
    ...{ plain, help, output: process.stdout },
    seconds: toNumber('seconds', seconds, 86_400),
    seed: Math.ceil(toNumber('seed', seed, 2 ** 31)),
    port: Math.ceil(toNumber('port', port, 65_535)),
  };
}

// nobody reads any more: `| head`
process.stdout.on('error', () => process.exit());
try {
  const options = readOptions();
  if (options.help) process.stdout.write(usage);
  else process.exitCode = await runDemo(options);
} catch (error) {
  const isMistake = error instanceof TypeError;
  process.stderr.write(isMistake ? `${error.message}\n\n${usage}` : `${String(error)}\n`);
  process.exitCode = isMistake ? 2 : 1;
}
