import { reliableClient } from './ours.js';
import { startServer } from './server.js';
import type { DemoOptions, Wait } from './view.js';

/** Prints the trades that one client gets. Its path dies after a while, and nobody is told. Returns the exit code: 1 if the trades did not go on. */
export async function runPlain({ seconds, seed, output }: DemoOptions, wait: Wait) {
  const pace = seconds / 20;
  const server = await startServer(400 * Math.min(1, pace), seed, pace);
  const note = (line: string) => output.write(`--- ${line}\n`);
  const begun = Date.now();
  let [trades, connections, silent, last] = [0, 0, 0, 0];
  note(`a feed of invented trades at ${server.url}?token=[redacted]`);
  const client = reliableClient({
    ...{ url: server.url, token: () => 'plain', pace, gap: () => undefined },
    trade: ({ block, time, pair, price }) => {
      trades += 1;
      last = Date.now();
      const columns = [time.slice(11, 23), String(block).padStart(6), pair.padEnd(10)];
      output.write(`${columns.join('  ')}  ${price.toFixed(4)}\n`);
    },
    state: (isConnected, text) => {
      connections += Number(isConnected);
      silent += Number(text.startsWith('silent'));
      note(text);
    },
  });
  try {
    await wait(6_000 * pace);
    note('the path dies: the connection stays open, and nothing passes any more');
    server.strike('half-open');
    const died = Date.now();
    await wait(14_000 * pace);
    return silent > 0 && last > died + 1_000 * pace ? 0 : 1;
  } finally {
    client.close();
    const counts = [count(trades, 'trade'), count(connections, 'connection')];
    const time = ((Date.now() - begun) / 1_000).toFixed(1);
    note(`${counts.join(' received, ')}, ${count(silent, 'silent disconnect')} noticed, ${time} s`);
    await server.stop();
  }
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
