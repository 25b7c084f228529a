import { expect } from 'chai';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { interval, map, NEVER } from 'rxjs';
import { eventually } from '../../../helpers/eventually.js';
import { useServer } from '../../../helpers/use-server.js';
import { connect, current, dial, legacy, type RawClient, subscribe } from '../raw-client.js';

const numbers = () => interval(2).pipe(map((data) => ({ data })));
const tcpOf = ({ socket }: RawClient) => (socket as unknown as { _socket: Socket })._socket;
const dataOf = ({ heard }: RawClient) =>
  heard.flatMap((each) => (each as { payload?: { data: number } }).payload?.data ?? []);

describe('halfOpen', () => {
  const serve = useServer();

  it('holds back what is sent and what comes, until resume()', async () => {
    const server = await serve({ handle: numbers });
    const client = await connect(server.url);
    client.send(subscribe);
    await client.next();
    server.halfOpen();
    await delay(10);
    const heard = client.heard.length;
    const received = server.ledger.frames.length;
    client.send({ type: 'ping' });
    await delay(30);
    expect(client.heard).to.have.length(heard);
    expect(server.ledger.frames).to.have.length(received);
    server.resume();
    await server.ledger.received('ping');
    await eventually(() => expect(client.heard).to.deep.include({ type: 'pong' }));
    const data = dataOf(client);
    expect(data.length).to.be.above(heard);
    expect(data).to.deep.equal(data.map((_, n) => n));
  });

  it('counts anew when it is called again', async () => {
    const server = await serve();
    const client = await connect(server.url);
    server.halfOpen(10);
    server.halfOpen();
    client.send({ type: 'ping' });
    await delay(40);
    expect(client.heard).to.have.length(1);
    server.halfOpen(5);
    expect(await client.next()).to.deep.equal({ type: 'pong' });
  });

  it('holds back a close, and what WebSocket answers by itself', async () => {
    const server = await serve();
    const client = await connect(server.url);
    const ponged = once(client.socket, 'pong');
    server.halfOpen();
    client.socket.ping('still there?');
    await delay(20);
    server.resume();
    await ponged;
    server.halfOpen();
    server.close(4499, 'enough');
    await delay(20);
    expect(client.socket.readyState).to.equal(client.socket.OPEN);
    server.resume();
    expect(await client.closed).to.deep.equal({ code: 4499, reason: 'enough' });
  });

  for (const [how, leave] of [
    ['terminates', (client: RawClient) => client.socket.terminate()],
    ['resets', (client: RawClient) => tcpOf(client).resetAndDestroy()],
  ] as const)
    it(`does not notice that a client ${how} until it has healed`, async () => {
      const server = await serve({ handle: () => NEVER });
      const client = await connect(server.url);
      client.send(subscribe);
      await server.ledger.until('started');
      server.halfOpen();
      leave(client);
      await client.closed;
      await delay(20);
      expect(server.ledger.operations).to.have.length(1);
      server.resume();
      expect((await server.ledger.until('closed')).code).to.equal(1006);
      expect(server.ledger.operations).to.deep.equal([]);
    });

  it('holds back what has arrived in the same segment, in its order', async () => {
    const server = await serve({
      handle: ({ id }, { peer }) => {
        if (id !== '3') peer.halfOpen(20);
        return [{ data: id }];
      },
    });
    const client = await connect(server.url);
    const tcp = tcpOf(client);
    tcp.cork();
    for (const id of ['1', '2', '3']) client.send({ ...subscribe, id });
    tcp.uncork();
    await server.ledger.until('started');
    await delay(10);
    expect(server.ledger.messages).to.have.length(2);
    expect(client.heard).to.have.length(1);
    await server.ledger.until('started', undefined, 2);
    expect(server.ledger.operations.length + client.heard.length).to.equal(1);
    await server.ledger.until('started', undefined, 3);
    for (let i = 0; i < 6; i++) await client.next();
    expect(dataOf(client)).to.deep.equal(['1', '2', '3']);
  });

  it('ends with drop(), and leaves no timer', async () => {
    const server = await serve();
    const client = await connect(server.url);
    client.send({ type: 'ping' });
    server.halfOpen(60_000);
    server.drop();
    expect((await client.closed).code).to.equal(1006);
    await server.ledger.until('closed');
    server.resume();
    expect(server.peers).to.deep.equal([]);
  });

  it('does nothing on a socket that has just ended', async () => {
    const server = await serve();
    const client = await connect(server.url);
    server.drop();
    server.halfOpen();
    server.stall();
    expect((await client.closed).code).to.equal(1006);
  });

  it('spares the sockets of other peers, and new ones', async () => {
    const server = await serve();
    const [one, two] = [await connect(server.url), await connect(server.url, legacy)];
    server.peers[0]!.halfOpen();
    one.send({ type: 'ping' });
    server.send({ type: 'hello' });
    expect(await two.next()).to.deep.equal({ type: 'hello' });
    await connect(server.url);
    expect(one.heard).to.have.length(1);
    server.peers[0]!.resume();
    expect(await one.next()).to.deep.equal({ type: 'hello' });
    expect(await one.next()).to.deep.equal({ type: 'pong' });
  });

  it('works with TLS', async () => {
    const server = await serve({ tls: 'self-signed' });
    const client = await dial(server.url, current, { ca: server.certificate });
    server.halfOpen();
    client.send({ type: 'connection_init' });
    await delay(20);
    expect(server.ledger.frames).to.deep.equal([]);
    server.resume();
    expect(await client.next()).to.deep.equal({ type: 'connection_ack' });
    server.halfOpen();
    client.socket.terminate();
    await delay(20);
    expect(server.ledger.closed).to.deep.equal([]);
    server.resume();
    await server.ledger.until('closed');
  });
});
