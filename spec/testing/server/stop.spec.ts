import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { finalize, NEVER } from 'rxjs';
import type { GraphQLTestServer } from 'rx-graphql-ws/testing/server';
import { connect, current, dial, init, type RawClient, subscribe } from './raw-client.js';
import { useServer } from '../../helpers/use-server.js';

const refusedAt = (url: string) =>
  dial(url).catch((error: unknown) => (error as { code: string }).code);

const settled = (promise: Promise<unknown>) =>
  Promise.race([promise.then(() => 'settled'), delay(500, 'pending', { ref: false })]);

describe('graphqlTestServer stop', () => {
  const serve = useServer();

  for (const tls of [undefined, 'self-signed' as const])
    for (const how of ['stop', 'restart'] as const)
      it(`${how}() waits for the end of all that the server worked for${tls ? ', with TLS' : ''}`, async () => {
        let ended = 0;
        const server = await serve({
          tls,
          keepAlive: 1_000,
          handle: () => NEVER.pipe(finalize(() => ++ended)),
        });
        const clients: RawClient[] = [];
        for (const fault of ['resume', 'halfOpen', 'stall', 'close'] as const) {
          const client = await dial(server.url, current, { ca: server.certificate });
          client.send(init, subscribe);
          await server.ledger.until('started', undefined, clients.push(client));
          client.socket.pause();
          server.peers.at(-1)?.[fault]();
        }
        await server[how]();
        const { ledger, peers } = server;
        expect(ended).to.equal(4);
        expect([...ledger.operations, ...ledger.sockets, ...ledger.billed, ...peers]).to.be.empty;
        expect(ledger.closed).to.have.length(4);
        for (const { socket } of clients) socket.terminate();
      });

  const twice: Record<string, (server: GraphQLTestServer) => Promise<unknown>[]> = {
    'start() and stop()': (server) => [server.start(), server.stop()],
    'stop() and start()': (server) => [server.stop(), server.start()],
    'restart(), start() and stop()': ({ restart, start, stop }) => [restart(), start(), stop()],
    'start() twice': ({ start }) => [start(), start()],
  };
  for (const host of ['127.0.0.1', 'localhost'])
    for (const [name, act] of Object.entries(twice))
      it(`${name} in one go come to what the last says, at ${host}`, async () => {
        const server = await serve({ host });
        if (!name.startsWith('stop()')) await server.stop();
        expect(await settled(Promise.all(act(server)))).to.equal('settled');
        await delay(20);
        if (name.endsWith('stop()')) expect(await refusedAt(server.url)).to.equal('ECONNREFUSED');
        else await connect(server.url);
      });

  it('comes while a restart begins to listen', async () => {
    for (let ms = 0; ms < 4; ms++) {
      const server = await serve({ host: 'localhost' });
      const up = server.restart(ms);
      await delay(ms);
      expect(await settled(Promise.all([server.stop(), up]))).to.equal('settled');
      expect(await refusedAt(server.url)).to.equal('ECONNREFUSED');
    }
  });
});
