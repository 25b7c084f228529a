import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { endWithUs } from '../helpers/end-with-us.js';

/** Starts redis-server, which keeps all in memory. */
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
  return {
    url,
    async stop() {
      child.kill();
      await exited;
    },
  };
}
