import { expect } from 'chai';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { describe, it } from 'mocha';
import { finalize, firstValueFrom, map, NEVER, of, Subject, timer } from 'rxjs';
import { WebSocket } from 'ws';
import {
  graphqlTestServer,
  type ConnectVerdict,
  type Eventually,
} from 'rx-graphql-ws/testing/server';
import { useServer } from '../../helpers/use-server.js';
import { activeResources } from '../../helpers/active-resources.js';
import { answerTo, connect, current, dial, init, legacy, start } from './raw-client.js';

describe('graphqlTestServer upgrade', () => {
  const serve = useServer();

  for (const [subprotocols, offer, selected] of [
    [undefined, [legacy, current], current],
    [undefined, [legacy], legacy],
    [[legacy, current], [current, legacy], legacy],
    [[legacy], [current, legacy], legacy],
    [undefined, ['header-abc', current], current],
  ] as const)
    it(`selects ${selected} of ${offer.join()} supporting ${subprotocols?.join() ?? 'both'}`, async () => {
      const server = await serve({ subprotocols });
      const client = await dial(server.url, offer);
      expect(client.socket.protocol).to.equal(selected);
      expect(server.ledger.upgrades[0]!.subprotocols).to.deep.equal(offer);
      expect(server.ledger.opened[0]!.subprotocol).to.equal(selected);
    });

  for (const [options, type] of [
    [{ fallback: legacy }, 'start'],
    [{ subprotocols: [], fallback: legacy }, 'start'],
    [{ subprotocols: () => undefined, fallback: legacy }, 'start'],
    [{ subprotocols: [], fallback: current }, 'subscribe'],
    [{ subprotocols: [current], fallback: current }, 'subscribe'],
  ] as const)
    it(`takes ${type} where nothing was offered with ${JSON.stringify(options)}`, async () => {
      const server = await serve({ ...options, handle: () => of({ data: 1 }) });
      const client = await dial(server.url, []);
      client.send(init);
      await client.next();
      client.send({ type, id: '1', payload: { query: '{ a }' } });
      expect(await client.next()).to.deep.include({ id: '1', payload: { data: 1 } });
      expect(client.socket.protocol).to.equal('');
    });

  for (const options of [{ subprotocols: [legacy] }, { fallback: false as const }])
    it(`closes with 4406 where nothing was offered with ${JSON.stringify(options)}`, async () => {
      const server = await serve(options);
      const client = await dial(server.url, []);
      expect(await client.closed).to.deep.equal({
        code: 4406,
        reason: 'Subprotocol not acceptable',
      });
    });

  it('lies where a function selects', async () => {
    const server = await serve({
      subprotocols: (offered) => offered[0],
      script: (peer) => peer.close(1002),
    });
    const client = await dial(server.url, [current, legacy]);
    expect(client.socket.protocol).to.equal(current);
    expect((await client.closed).code).to.equal(1002);
  });

  it('adds headers to the response', async () => {
    const { headers } = await answerTo((await serve({ headers: { dummy: 'test1234' } })).url);
    expect(headers).to.include({ dummy: 'test1234' });
  });

  it('upgrades when authorize returns nothing or true', async () => {
    for (const verdict of [undefined, true, Promise.resolve(true), of(undefined), of(true, true)])
      await connect((await serve({ authorize: () => verdict })).url);
  });

  it('asks authorize with path, query, headers and offer', async () => {
    const asked: unknown[] = [];
    const server = await serve({
      authorize: ({ url, headers, subprotocols }) => {
        asked.push(url, headers.authorization, subprotocols);
      },
    });
    await dial(`${server.url}?token=a`, [current], { headers: { authorization: 'Bearer b' } });
    expect(asked).to.deep.equal(['/graphql?token=a', 'Bearer b', [current]]);
  });

  it('refuses with 401, or a status, headers and body of its own', async () => {
    expect((await answerTo((await serve({ authorize: () => false })).url)).status).to.equal(401);
    const busy = { status: 503, headers: { 'Retry-After': '7' }, body: 'later…' };
    const { status, headers, body } = await answerTo((await serve({ authorize: () => busy })).url);
    expect(status).to.equal(503);
    expect(headers).to.include({ 'retry-after': '7' });
    expect(body).to.equal('later…');
    const { url } = await serve({ authorize: () => ({ status: 599 }) });
    expect(await answerTo(url)).to.include({ status: 599 });
  });

  it('refuses with 500 when authorize throws, and with 404 elsewhere', async () => {
    const server = await serve({
      authorize: () => {
        throw new Error('broken');
      },
    });
    expect((await answerTo(server.url)).status).to.equal(500);
    expect((await answerTo(`${server.url}/other`)).status).to.equal(404);
    const urls = server.ledger.upgrades.map(({ url }) => url);
    expect(urls).to.deep.equal(['/graphql', '/graphql/other']);
    expect(server.ledger.opened).to.deep.equal([]);
  });

  it('leaves the dial hanging while authorize does not answer, and stop() ends it', async () => {
    const server = await serve({ authorize: () => NEVER });
    const socket = new WebSocket(server.url, current);
    const failed = once(socket, 'error').catch((error: unknown) => error);
    await server.ledger.until('upgrade');
    expect(socket.readyState).to.equal(WebSocket.CONNECTING);
    await server.stop();
    await failed;
  });

  it('survives a client that resets during the upgrade, and unsubscribes from authorize', async () => {
    const released = new Subject<void>();
    const release = firstValueFrom(released);
    const server = await serve({ authorize: () => NEVER.pipe(finalize(() => released.next())) });
    const raw = connectTcp(Number(new URL(server.url).port), '127.0.0.1');
    await once(raw, 'connect');
    raw.write(
      'GET /graphql HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    await server.ledger.until('upgrade');
    raw.resetAndDestroy();
    await release;
  });

  it('listens at the port asked for, and rejects when it is taken', async () => {
    const first = await serve();
    const port = Number(new URL(first.url).port);
    const taken: unknown = await graphqlTestServer({ port }).catch((error: unknown) => error);
    expect(taken).to.have.property('code', 'EADDRINUSE');
    await first.stop();
    const second = await serve({ port, host: 'localhost' });
    expect(second.url).to.equal(`ws://localhost:${String(port)}/graphql`);
  });

  it('has brackets around an IPv6 address in its urls', async () => {
    const server = await serve({ host: '::1', handle: () => [{ data: 1 }] });
    const { port } = new URL(server.url);
    expect(server.url).to.equal(`ws://[::1]:${port}/graphql`);
    expect(server.httpUrl).to.equal(`http://[::1]:${port}/graphql`);
    await connect(server.url);
  });

  it('sends several frames in one record of TLS', async () => {
    const server = await serve({ tls: 'self-signed' });
    const client = await dial(server.url, current, { ca: server.certificate });
    const { _socket: stream } = client.socket as unknown as { _socket: NodeJS.EventEmitter };
    const records: Buffer[] = [];
    stream.on('data', (record: Buffer) => records.push(record));
    server.send('1', '2', '3', '4', '5');
    for (let i = 0; i < 5; i++) await client.next();
    expect(records).to.have.length(1);
  });
});

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
        client.send(init, ...(subprotocol === legacy ? [start()] : []));
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
    const server = await serve({ initTimeout: 200 });
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

  it('keeps an operation of the legacy protocol until the ack', async () => {
    const handle = () => of({ data: 1 });
    const server = await serve({ handle, keepAlive: 10_000, ackDelay: 20 });
    const client = await dial(server.url, legacy);
    client.send(init, start());
    await server.ledger.received('start');
    expect([client.heard, server.ledger.operations]).to.deep.equal([[], []]);
    for (const type of ['connection_ack', 'ka', 'data'])
      expect(await client.next()).to.include({ type });
  });

  it('acknowledges a second connection_init on the legacy protocol, with one heartbeat still', async () => {
    const server = await serve({ keepAlive: 10_000 });
    const client = await dial(server.url, legacy);
    client.send(init, init);
    expect([await client.next(), await client.next(), await client.next()]).to.deep.equal([
      { type: 'connection_ack' },
      { type: 'ka' },
      { type: 'connection_ack' },
    ]);
    client.send(start());
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
