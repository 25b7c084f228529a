import { expect } from 'chai';
import { describe, it } from 'mocha';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { endWithUs } from '../helpers/end-with-us.js';
import { eventually } from '../helpers/eventually.js';
import { runProgram } from '../helpers/run-program.js';
import { serveEvents } from '../recovery/killed/serve-events.js';

const kills = 5;

/** Starts redis-server, which keeps all in memory. */
async function startRedis() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const child = spawn('redis-server', options, { stdio: 'ignore' });
  endWithUs(child);
  child.once('error', (cause) => {
    throw new Error('this suite needs redis-server, a package of Debian', { cause });
  });
  const exited = once(child, 'exit');
  const url = `redis://127.0.0.1:${port}`;
  return {
    url,
    async stop() {
      child.kill();
      await exited;
    },
  };
}

describe('a cursor in Redis', function () {
  this.timeout(120_000);
  this.slow(60_000);

  it('loses nothing through five kills, and hands again at most the event that was in hand', async () => {
    const { server } = await serveEvents();
    const redis = await startRedis();
    const client = createClient({ url: redis.url });
    // it tells each attempt to connect that fails, and tries again
    client.on('error', () => undefined);
    try {
      await client.connect();
      const handled = async () => (await client.lRange('handled', 0, -1)).map(Number);
      for (let kill = 1; kill <= kills; kill += 1) {
        const before = await client.lLen('handled');
        const program = ['spec/peers/redis-consumer.program.ts', [server.url, redis.url]] as const;
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
      client.destroy();
      await redis.stop();
      await server.stop();
    }
  });
});
