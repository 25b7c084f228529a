import { expect } from 'chai';
import { describe, it } from 'mocha';
import { useServer } from '../../../helpers/use-server.js';
import { connect, dial } from '../raw-client.js';

const refusedAt = (url: string) =>
  dial(url).catch((error: unknown) => (error as { code: string }).code);

describe('restart', () => {
  const serve = useServer();

  it('drops every socket, and listens again at the same port', async () => {
    const server = await serve();
    const { url } = server;
    const client = await connect(url);
    await server.restart();
    expect((await client.closed).code).to.equal(1006);
    expect(server.url).to.equal(url);
    await connect(url);
    expect(server.ledger.opened.map(({ connection }) => connection)).to.deep.equal([1, 2]);
  });

  it('refuses dials meanwhile', async () => {
    const server = await serve();
    const began = performance.now();
    const up = server.restart(60);
    expect(await refusedAt(server.url)).to.equal('ECONNREFUSED');
    await up;
    expect(performance.now() - began).to.be.within(55, 400);
    await connect(server.url);
  });

  it('comes to nothing when the server is stopped', async () => {
    const server = await serve();
    const up = server.restart(20);
    await server.stop();
    await up;
    expect(await refusedAt(server.url)).to.equal('ECONNREFUSED');
    await server.start();
    await connect(server.url);
  });

  it('may be cut short by start()', async () => {
    const server = await serve();
    const up = server.restart(30);
    await refusedAt(server.url);
    await server.start();
    const client = await connect(server.url);
    await up;
    expect(client.socket.readyState).to.equal(client.socket.OPEN);
  });

  it('begins anew when it is called again', async () => {
    const server = await serve();
    const first = server.restart(20);
    const second = server.restart(80);
    await first;
    expect(await refusedAt(server.url)).to.equal('ECONNREFUSED');
    await second;
    await connect(server.url);
  });
});
