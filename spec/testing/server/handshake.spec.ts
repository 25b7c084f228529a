import { expect } from 'chai';
import { describe, it } from 'mocha';
import { map, NEVER, of, timer } from 'rxjs';
import type { ConnectVerdict, Eventually } from 'rx-graphql-ws/testing/server';
import { connect, current, dial, init, legacy, start, subscribe } from './raw-client.js';
import { activeResources } from '../../helpers/active-resources.js';
import { useServer } from '../../helpers/use-server.js';

describe('graphqlTestServer handshake', () => {
  const serve = useServer();

  for (const [name, verdict, payload] of [
    ['nothing', undefined, undefined],
    ['true', true, undefined],
    ['a payload', { ack: 'payload' }, 'payload'],
    ['a promise', Promise.resolve({ ack: { a: 1 } }), { a: 1 }],
    ['an Observable', timer(5).pipe(map(() => true)), undefined],
    ['an Observable of several', of({ ack: 'first' }, { ack: 'second' }), 'first'],
  ] as [string, Eventually<ConnectVerdict>, unknown][])
    it(`acknowledges when connect returns ${name}`, async () => {
      const server = await serve({ connect: () => verdict });
      const client = await dial(server.url);
      client.send(init);
      expect(await client.next()).to.deep.equal({
        type: 'connection_ack',
        ...(payload !== undefined && { payload }),
      });
      client.send({ type: 'ping' });
      expect(await client.next()).to.deep.equal({ type: 'pong' });
    });

  it('asks connect with the payload of connection_init', async () => {
    const asked: unknown[] = [];
    const server = await serve({
      connect: ({ connectionParams, subprotocol }) => {
        asked.push(connectionParams, subprotocol);
      },
    });
    await connect(server.url, current, { token: 't' });
    await connect(server.url, legacy);
    expect(asked).to.deep.equal([{ token: 't' }, current, undefined, legacy]);
  });

  for (const subprotocol of [current, legacy])
    for (const [verdict, code, reason, payload] of [
      [false, subprotocol === legacy ? 1011 : 4403, 'Forbidden', { message: 'Forbidden' }],
      [{ reject: 'No token', code: 4401, reason: 'expired' }, 4401, 'expired', 'No token'],
    ] as const)
      it(`refuses with ${String(code)} ${reason} over ${subprotocol}`, async () => {
        const server = await serve({ connect: () => verdict });
        const client = await dial(server.url, subprotocol);
        client.send(init, subprotocol === legacy ? start() : subscribe);
        expect(await client.closed).to.deep.equal({ code, reason });
        const refusal = { type: 'connection_error', payload };
        expect(client.heard).to.deep.equal(subprotocol === legacy ? [refusal] : []);
        expect(server.ledger.operations).to.deep.equal([]);
      });

  it('refuses with the message of what connect throws or rejects with', async () => {
    const server = await serve({
      connect: ({ connectionParams }) => {
        const error = new Error('Invalid token');
        if (connectionParams === 'throw') throw error;
        return Promise.reject(error);
      },
    });
    for (const payload of ['throw', 'reject']) {
      const client = await dial(server.url, legacy);
      client.send({ ...init, payload });
      await client.closed;
      expect(client.heard).to.deep.equal([
        { type: 'connection_error', payload: { message: 'Invalid token' } },
      ]);
    }
  });

  it('reject() refuses the handshakes to come until accept()', async () => {
    const server = await serve({ connect: () => ({ ack: 'mine' }) });
    const before = await connect(server.url);
    server.reject();
    const refused = await dial(server.url);
    refused.send(init);
    expect(await refused.closed).to.deep.equal({ code: 4403, reason: 'Forbidden' });
    server.reject('expired', { code: 4400 });
    const legacyOne = await dial(server.url, legacy);
    legacyOne.send(init);
    expect(await legacyOne.closed).to.deep.equal({ code: 4400, reason: 'Forbidden' });
    expect(legacyOne.heard).to.deep.equal([{ type: 'connection_error', payload: 'expired' }]);
    server.accept();
    expect((await connect(server.url)).heard).to.deep.equal([
      { type: 'connection_ack', payload: 'mine' },
    ]);
    expect(server.peers.map(({ connection }) => connection)).to.deep.equal([1, 4]);
    before.socket.close();
  });

  it('closes with 4408 when no connection_init comes within initTimeout', async () => {
    const server = await serve({ initTimeout: 10 });
    const slow = await dial(server.url);
    const quick = await connect(server.url);
    expect(await slow.closed).to.deep.equal({
      code: 4408,
      reason: 'Connection initialisation timeout',
    });
    quick.send({ type: 'ping' });
    expect(await quick.next()).to.deep.equal({ type: 'pong' });
  });

  it('keeps the process alive for initTimeout no longer than until connection_init', async () => {
    const server = await serve({ initTimeout: 60_000 });
    const timers = () => activeResources().Timeout ?? 0;
    const before = timers();
    const client = await dial(server.url);
    expect(timers()).to.equal(before + 1);
    client.send(init);
    await client.next();
    expect(timers()).to.equal(before);
  });

  it('closes with 4401 when an operation comes before the ack', async () => {
    const server = await serve({ connect: () => NEVER });
    for (const [subprotocol, message] of [
      [current, subscribe],
      [legacy, start()],
    ] as const) {
      const client = await dial(server.url, subprotocol);
      client.send(init, message);
      expect(await client.closed).to.deep.equal({ code: 4401, reason: 'Unauthorized' });
    }
  });

  it('closes with 4429 at a second connection_init on the current protocol', async () => {
    const server = await serve();
    const client = await connect(server.url);
    client.send(init);
    expect(await client.closed).to.deep.equal({
      code: 4429,
      reason: 'Too many initialisation requests',
    });
  });

  it('acknowledges a second connection_init on the legacy protocol, with one heartbeat still', async () => {
    const server = await serve({ keepAlive: 10_000 });
    const client = await dial(server.url, legacy);
    client.send(init, init, start());
    expect([await client.next(), await client.next(), await client.next()]).to.deep.equal([
      { type: 'connection_ack' },
      { type: 'ka' },
      { type: 'connection_ack' },
    ]);
    expect(await client.next()).to.deep.include({ type: 'error', id: '1' });
  });

  it('closes with 1011 when the ack cannot be serialised, and stop() tells why', async () => {
    const server = await serve({ connect: () => ({ ack: 1n }) });
    const client = await dial(server.url);
    client.send(init);
    expect(await client.closed).to.deep.equal({ code: 1011, reason: 'Internal server error' });
    const failure: unknown = await server.stop().catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(TypeError);
  });
});
