import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mergeMap, timer } from 'rxjs';
import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
import { eventually } from '../../helpers/eventually.js';
import { runProgram } from '../../helpers/run-program.js';
import { type Account, account } from '../model/account.js';
import { createRandom } from '../model/random.js';
import { range } from '../real/feed-server.js';

/** ms between two events: 200 a second. */
const every = 5;

/** Serves events of which two always have the same time: a cursor repeats at least one of them. */
async function serveEvents() {
  const start = Date.now();
  const latest = () => Math.floor((Date.now() - start) / every);
  const event = (k: number) => ({ id: String(k), at: k - (k % 2) });
  const server = await graphqlTestServer({
    handle({ variables: { since } }) {
      let next = since === undefined ? latest() : Number(since);
      return timer(0, every).pipe(
        mergeMap(() => {
          const due = range(next, latest());
          next += due.length;
          return due.map((k) => ({ data: { happening: event(k) } }));
        }),
      );
    },
  });
  return { server, latest };
}

/**
 * Kills a process that stores events and its cursor, `kills` times, and has another one go on each time.
 *
 * @returns what became of the events in the store
 */
export async function killAtRandom(kills: number, seed: number): Promise<Account> {
  const random = createRandom(seed);
  const directory = mkdtempSync(join(tmpdir(), 'killed-'));
  const file = join(directory, 'events');
  const size = () => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const stored = () =>
    readFileSync(file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => ({ k: Number((JSON.parse(line) as { id: string }).id) }));
  const { server, latest } = await serveEvents();
  /** Runs a consumer until it has stored what was asked for, and then for a while. */
  const consume = async (hasStored: () => void, ms: number) => {
    const { child, err, exited } = runProgram('spec/recovery/killed/consumer.program.ts', [
      server.url,
      file,
    ]);
    await eventually(hasStored, 20_000);
    await sleep(ms);
    child.kill('SIGKILL');
    await exited;
    expect(err()).to.equal('');
  };
  try {
    for (let kill = 1; kill <= kills; kill += 1) {
      const before = size();
      await consume(() => expect(size()).to.be.above(before), random.below(250));
    }
    const goal = latest();
    await consume(() => expect(stored().at(-1)?.k).to.be.at.least(goal), 0);
    return account(stored());
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true });
  }
}
