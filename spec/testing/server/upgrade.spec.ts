import { expect } from 'chai';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { describe, it } from 'mocha';
import { finalize, firstValueFrom, NEVER, of, Subject } from 'rxjs';
import { WebSocket } from 'ws';
import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
import { answerTo, connect, current, dial, legacy } from './raw-client.js';
import { useServer } from '../../helpers/use-server.js';

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
    [{}, 'start'],
    [{ subprotocols: [] }, 'start'],
    [{ subprotocols: [legacy] }, 'start'],
    [{ subprotocols: () => undefined }, 'start'],
    [{ subprotocols: [], fallback: current }, 'subscribe'],
    [{ subprotocols: [current], fallback: current }, 'subscribe'],
  ] as const)
    it(`takes ${type} where nothing was offered with ${JSON.stringify(options)}`, async () => {
      const server = await serve({ ...options, handle: () => of({ data: 1 }) });
      const client = await dial(server.url, []);
      client.send({ type: 'connection_init' }, { type, id: '1', payload: { query: '{ a }' } });
      await client.next();
      expect(await client.next()).to.deep.include({ id: '1', payload: { data: 1 } });
      expect(client.socket.protocol).to.equal('');
    });

  for (const options of [{ subprotocols: [current] }, { fallback: false as const }])
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
      script: (peer) => {
        peer.close(1002);
      },
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
