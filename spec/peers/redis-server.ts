import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createClient } from 'redis';
import { endWithUs } from '../helpers/end-with-us.js';

/** Starts redis-server, which keeps all in memory, and a client of it. */
export async function startRedis() {
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
  const client = createClient({ url });
  // it tells each attempt to connect that fails, and tries again
  client.on('error', () => undefined);
  await client.connect();
  return {
    url,
    client,
    async stop() {
      client.destroy();
      child.kill();
      await exited;
    },
  };
}
