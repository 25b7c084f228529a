import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { mergeMap, timer } from 'rxjs';
import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
import { eventually } from '../../helpers/eventually.js';
import { compilePrograms } from '../../helpers/measure/compile-programs.js';
import { runChild } from '../../helpers/measure/run-child.js';
import { type Account, account } from '../model/account.js';
import { createRandom } from '../model/random.js';
import { range } from '../real/feed-server.js';

/** ms between two events: 200 a second. */
const every = 5;

/** Serves events of which two always have the same time: a cursor repeats at least one of them. */
export async function serveEvents() {
  const start = Date.now();
  const latest = () => Math.floor((Date.now() - start) / every);
  const event = (k: number) => ({ id: String(k), at: k - (k % 2) });
  const server = await graphqlTestServer({
    handle({ variables: { since } }) {
      // an even one: the cursor must not reach behind the first row
      let next = since === undefined ? latest() & ~1 : Number(since);
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
  const lines = () => readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const read = (line = '') => ({ k: Number((JSON.parse(line) as { id: string }).id) });
  const hasAll = (goal: number) => () => expect(read(lines().at(-1)).k).to.be.at.least(goal);
  const { server, latest } = await serveEvents();
  const folder = await compilePrograms('spec', ['recovery/killed/consumer.program'], true);
  const program = join(folder, 'recovery/killed/consumer.program');
  /** Runs a consumer until it has stored what was asked for, and then for a while. */
  const consume = async (hasStored: () => void, ms: number) => {
    const consumer = runChild(program, [server.url, file]);
    await eventually(hasStored, 60_000);
    await sleep(ms);
    await consumer.stop();
  };
  try {
    for (let kill = 1; kill <= kills; kill += 1) {
      const before = size();
      // in the midst of what was missed, or of what is new
      const hasSome = () => expect(size()).to.be.above(before);
      await consume(kill % 2 ? hasAll(latest()) : hasSome, random.below(250));
    }
    await consume(hasAll(latest()), 0);
    return account(lines().map(read));
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true });
  }
}
