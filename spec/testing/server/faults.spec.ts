import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { interval, map } from 'rxjs';
import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
import { connect, current, dial, subscribe } from './raw-client.js';
import { useServer } from '../../helpers/use-server.js';

describe('graphqlTestServer faults', () => {
  const serve = useServer();

  it('a peer is sent to, closed and dropped on its own', async () => {
    const server = await serve();
    const one = await connect(server.url);
    const two = await connect(server.url);
    const three = await connect(server.url);
    server.peers[0]!.send({ type: 'ping' });
    expect(await one.next()).to.deep.equal({ type: 'ping' });
    server.peers[1]!.drop();
    expect((await two.closed).code).to.equal(1006);
    await server.ledger.until('closed');
    server.peers[1]!.close(1013, 'slow');
    expect(await three.closed).to.deep.equal({ code: 1013, reason: 'slow' });
    await server.ledger.until('closed', undefined, 2);
    expect(server.peers.map(({ connection }) => connection)).to.deep.equal([1]);
  });

  it('stall() stops sending and reading for good, and spares new sockets', async () => {
    const server = await serve({ handle: () => interval(2).pipe(map((data) => ({ data }))) });
    const stalled = await connect(server.url);
    stalled.send(subscribe);
    await stalled.next();
    server.stall();
    await delay(5);
    const heard = stalled.heard.length;
    const received = server.ledger.frames.length;
    stalled.send({ type: 'ping' });
    server.send('x');
    server.close(1000);
    await delay(30);
    expect(stalled.heard).to.have.length(heard);
    expect(server.ledger.frames).to.have.length(received);
    expect(stalled.socket.readyState).to.equal(stalled.socket.OPEN);
    const fresh = await connect(server.url);
    fresh.send(subscribe);
    expect(await fresh.next()).to.deep.include({ type: 'next' });
    // It does not notice that the client has gone, and goes on working for it.
    stalled.socket.terminate();
    await delay(20);
    expect(server.ledger.closed).to.deep.equal([]);
    expect(server.ledger.operations.map(({ connection }) => connection)).to.deep.equal([1, 2]);
    server.drop();
    await server.ledger.until('closed', undefined, 2);
    expect(server.ledger.operations).to.deep.equal([]);
  });

  it('is disposed of asynchronously', async () => {
    const server = await graphqlTestServer();
    const client = await dial(server.url, current);
    await server[Symbol.asyncDispose]();
    expect((await client.closed).code).to.equal(1006);
  });
});
