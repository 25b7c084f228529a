import { expect } from 'chai';
import { once } from 'node:events';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { interval, map } from 'rxjs';
import { eventually } from '../../../helpers/eventually.js';
import { useServer } from '../../../helpers/use-server.js';
import { connect, legacy, subscribe } from '../raw-client.js';

const numbers = () => interval(2).pipe(map((data) => ({ data })));

describe('silence', () => {
  const serve = useServer();

  it('answers pings and nothing else, and drops what it would have said', async () => {
    const server = await serve({ handle: numbers, keepAlive: 5, keepAliveMessage: 'pong' });
    const client = await connect(server.url);
    client.send(subscribe);
    await server.ledger.until('started');
    server.silence();
    await delay(10);
    const heard = client.heard.length;
    await delay(20);
    expect(client.heard).to.have.length(heard);
    client.send({ type: 'ping', payload: { n: 1 } }, { ...subscribe, id: '2' });
    const ponged = once(client.socket, 'pong');
    client.socket.ping();
    await ponged;
    await server.ledger.until('started', undefined, 2);
    server.send({ type: 'hello' });
    expect(client.heard.slice(heard)).to.deep.equal([{ type: 'pong', payload: { n: 1 } }]);
    server.resume();
    await eventually(() => expect(client.heard.length).to.be.above(heard + 2));
    expect(client.heard).not.to.deep.include({ type: 'hello' });
  });

  it('ends by itself', async () => {
    const server = await serve({ keepAlive: 2 });
    const client = await connect(server.url, legacy);
    server.silence(150);
    await delay(20);
    const heard = client.heard.length;
    await delay(10);
    expect(client.heard).to.have.length(heard);
    await eventually(() => expect(client.heard.length).to.be.above(heard));
  });

  it('still closes', async () => {
    const server = await serve();
    const client = await connect(server.url);
    server.silence();
    server.close(1001);
    expect((await client.closed).code).to.equal(1001);
  });

  it('takes the place of halfOpen, and the other way round', async () => {
    const server = await serve();
    const client = await connect(server.url);
    server.halfOpen(30);
    client.send({ type: 'ping' });
    server.send({ type: 'held' });
    server.silence();
    expect(await client.next()).to.deep.equal({ type: 'held' });
    expect(await client.next()).to.deep.equal({ type: 'pong' });
    await delay(50);
    server.send({ type: 'dropped' });
    server.halfOpen();
    server.send({ type: 'kept' });
    server.resume();
    expect(await client.next()).to.deep.equal({ type: 'kept' });
  });

  it('has no effect on a stalled socket, nor has resume()', async () => {
    const server = await serve();
    const client = await connect(server.url);
    client.send({ type: 'ping' });
    server.stall();
    server.silence();
    server.halfOpen(1);
    server.resume();
    server.send({ type: 'hello' });
    client.send({ type: 'ping' });
    await delay(20);
    expect(client.heard).to.have.length(1);
  });
});
