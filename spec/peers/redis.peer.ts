import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { eventually } from '../helpers/eventually.js';
import { runProgram } from '../helpers/run-program.js';
import { serveEvents } from '../recovery/killed/kill-at-random.js';
import { startRedis } from './redis-server.js';

const kills = 5;

describe('a cursor in Redis', function () {
  this.timeout(120_000);
  this.slow(60_000);

  it('loses nothing through five kills, and hands again at most the event that was in hand', async () => {
    const { server } = await serveEvents();
    const redis = await startRedis();
    const { client } = redis;
    try {
      const handled = async () => (await client.lRange('handled', 0, -1)).map(Number);
      for (let kill = 1; kill <= kills; kill += 1) {
        const before = await client.lLen('handled');
        const program = ['spec/peers/redis-consumer.ts', [server.url, redis.url]] as const;
        const { child, err, exited } = runProgram(...program);
        await eventually(async () => {
          expect(err()).to.equal('');
          expect(await client.lLen('handled')).to.be.above(before + 50);
        }, 30_000);
        await delay(Math.random() * 100);
        child.kill('SIGKILL');
        await exited;
      }
      const ids = await handled();
      const [first = NaN, last = NaN] = [ids[0], ids.at(-1)];
      const all = Array.from({ length: last - first + 1 }, (_, index) => first + index);
      expect([...new Set(ids)]).to.deep.equal(all);
      expect(ids.length - all.length).to.be.at.most(kills - 1);
    } finally {
      await redis.stop();
      await server.stop();
    }
  });
});
