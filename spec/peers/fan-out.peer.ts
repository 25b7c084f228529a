import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from 'rx-graphql-ws/testing/server';
import { eventually } from '../helpers/eventually.js';
import { runProgram } from '../helpers/run-program.js';
import { serveFeed } from './fan-out/feed.js';
import { startRedis } from './redis-server.js';

const events = 40_000;

describe('the example of fan-out over Redis', function () {
  this.timeout(180_000);
  this.slow(120_000);

  it('counts each of 2 000 events a second once, while readers and workers are killed and readers sleep past their lease', async () => {
    const random = seededRandom(7);
    const feed = await serveFeed(events);
    const redis = await startRedis();
    const { client } = redis;
    const startReader = () => runProgram('spec/peers/fan-out/run-reader.ts', [feed.url, redis.url]);
    const startWorker = () => runProgram('spec/peers/fan-out/run-worker.ts', [redis.url]);
    const readers = [startReader(), startReader()];
    const workers = [startWorker(), startWorker(), startWorker()];
    const reads = ({ out }: (typeof readers)[number]) => out().trimEnd().endsWith('reading');
    let sleeps = 0;
    try {
      for (let fault = 0; feed.newest() < events || sleeps < 2; fault += 1) {
        await delay(1_000 * random());
        const worker = Math.floor(3 * random());
        workers[worker]!.child.kill('SIGKILL');
        await workers[worker]!.exited;
        workers[worker] = startWorker();

        let index = -1;
        await eventually(() => {
          expect(readers.filter(reads)).to.have.length(1);
          index = readers.findIndex(reads);
        }, 30_000);
        const { child, exited } = readers[index]!;
        const standby = readers[1 - index]!;
        const isSleep = fault % 2 === 1;
        child.kill(isSleep ? 'SIGSTOP' : 'SIGKILL');
        await eventually(() => expect(reads(standby)).to.equal(true), 30_000);
        if (isSleep) {
          // it has rows in hand, and finds that the lease is another's
          child.kill('SIGCONT');
          sleeps += 1;
        } else {
          await exited;
          readers[index] = startReader();
        }
      }
      await eventually(async () => {
        expect(await client.hLen('counts')).to.equal(events);
      }, 60_000);
      const counts = Object.entries(await client.hGetAll('counts'));
      expect(counts.filter(([, count]) => count !== '1')).to.deep.equal([]);
      const ids = counts.map(([id]) => Number(id)).sort((a, b) => a - b);
      expect([ids[0], ids.at(-1)]).to.deep.equal([1, events]);
      expect(await client.xLen('events')).to.equal(events);
      const said = readers.map((reader) => reader.out() + reader.err()).join('');
      expect(said).not.to.include('rows may be missing');
    } finally {
      for (const { child } of [...readers, ...workers]) child.kill('SIGKILL');
      await Promise.all([...readers, ...workers].map(({ exited }) => exited));
      await redis.stop();
      await feed.stop();
    }
  });
});
