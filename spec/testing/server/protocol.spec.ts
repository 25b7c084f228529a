import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, NEVER, of } from 'rxjs';
import { setImmediate as turn } from 'node:timers/promises';
import type { GraphQLTestServer } from 'rx-graphql-ws/testing/server';
import { useServer } from '../../helpers/use-server.js';
import { eventually } from '../../helpers/eventually.js';
import { connect, dial, init, legacy, start, subscribe, type RawClient } from './raw-client.js';

const id = '€'.repeat(100);

describe('graphqlTestServer protocol', () => {
  const serve = useServer();

  for (const [code, reason, frames] of [
    [4400, 'Invalid message received', [init, '{"type":"constructor"}']],
    [4401, 'Unauthorized', [init, subscribe]],
    [
      4409,
      'Subscriber already exists',
      [
        { ...subscribe, id },
        { ...subscribe, id },
      ],
    ],
    [4429, 'Too many initialisation requests', [init, init]],
  ] as const)
    it(`closes with ${code}, and tells the reason`, async () => {
      const server = await serve({ handle: () => NEVER });
      const client = code === 4409 ? await connect(server.url) : await dial(server.url);
      client.send(...frames);
      expect(await client.closed).to.deep.equal({ code, reason });
    });

  const invalid = { type: 'error', payload: { message: 'Invalid message type!' } };
  const documentless = { type: 'error', id: '1', payload: { message: 'Must provide document' } };
  for (const [frame, answer] of [
    ['{"type":"constructor"}', invalid],
    ...['', 1, null].map(
      (id) =>
        [
          { ...start(), id },
          { ...invalid, id },
        ] as const,
    ),
    [{ ...start(), id: undefined }, invalid],
    ...['text', {}, { query: 1 }].map(
      (payload) => [{ ...start(), payload }, documentless] as const,
    ),
  ] as const)
    it(`explains ${JSON.stringify(frame)} on the legacy protocol, and goes on`, async () => {
      const server = await serve({ handle: () => of({ data: 1 }) });
      const client = await connect(server.url, legacy);
      client.send(frame, start());
      expect(await client.next()).to.deep.equal(answer);
      expect(await client.next()).to.deep.include({ type: 'data', id: '1' });
    });

  it('survives bytes that are neither UTF-8 nor WebSocket frames', async () => {
    const server = await serve();
    const binary = await connect(server.url);
    binary.socket.send(Uint8Array.of(0xff, 0xfe));
    expect((await binary.closed).code).to.equal(4400);
    const reserved = await connect(server.url);
    (reserved.socket as unknown as { _socket: { write(data: Uint8Array): void } })._socket.write(
      Uint8Array.of(0xff, 0xff, 0xff),
    );
    expect((await reserved.closed).code).to.equal(1002);
    await connect(server.url);
  });

  it('replaces a live operation of the same id on the legacy protocol', async () => {
    const server = await serve({
      handle: ({ variables }) => concat(of({ data: variables }), NEVER),
    });
    const client = await connect(server.url, legacy);
    for (const n of [1, 2])
      client.send({ ...start(), payload: { query: '{ a }', variables: { n } } });
    expect([await client.next(), await client.next(), await client.next()]).to.deep.equal([
      { id: '1', type: 'data', payload: { data: { n: 1 } } },
      { id: '1', type: 'complete' },
      { id: '1', type: 'data', payload: { data: { n: 2 } } },
    ]);
    expect(server.ledger.operations).to.have.length(1);
  });

  it('answers pings, before the handshake too, and echoes their payload', async () => {
    const server = await serve();
    const client = await dial(server.url);
    client.send({ type: 'ping' }, { type: 'ping', payload: { a: 1 } }, { type: 'pong' });
    expect(await client.next()).to.deep.equal({ type: 'pong' });
    expect(await client.next()).to.deep.equal({ type: 'pong', payload: { a: 1 } });
  });

  it('leaves pings unanswered with answerPings: false', async () => {
    const server = await serve({ answerPings: false, handle: () => of({ data: 1 }) });
    const client = await connect(server.url);
    client.send({ type: 'ping' }, subscribe);
    expect(await client.next()).to.deep.include({ type: 'next' });
  });

  it('beats on the legacy protocol with ka, the first right after the ack', async () => {
    const server = await serve({ keepAlive: 5, keepAlivePayload: 'not on this protocol' });
    const client = await connect(server.url, legacy);
    for (let i = 0; i < 3; i++) expect(await client.next()).to.deep.equal({ type: 'ka' });
  });

  it('beats on the current protocol with pings, or unsolicited pongs', async () => {
    const pings = await serve({ keepAlive: 5, keepAlivePayload: { a: 1 } });
    const one = await connect(pings.url);
    for (let i = 0; i < 2; i++)
      expect(await one.next()).to.deep.equal({ type: 'ping', payload: { a: 1 } });
    const pongs = await serve({ keepAlive: 5, keepAliveMessage: 'pong' });
    const two = await connect(pongs.url);
    for (let i = 0; i < 2; i++) expect(await two.next()).to.deep.equal({ type: 'pong' });
  });

  it('does not answer what comes after its own close', async () => {
    const server = await serve({ handle: () => of({ data: 1 }) });
    const client = await connect(server.url);
    client.send({ type: 'nonsense' }, subscribe);
    await client.closed;
    expect(client.heard).to.have.length(1);
    expect(server.ledger.messages.at(-1)).to.deep.include({ type: 'subscribe' });
    expect(server.ledger.entries.map(({ type }) => type)).to.not.include('started');
  });
});

const KiB = 1_024;
const frame = 'x'.repeat(64 * KiB);
const slow = { code: 1013, reason: 'client is not consuming messages fast enough' };

/** Sends until the socket is closed, or so many frames. */
async function feed(server: GraphQLTestServer, frames: number) {
  const before = server.ledger.counts.sent;
  for (let i = 0; i < frames; i++) {
    server.peers[0]?.send(frame);
    await turn();
    if (server.ledger.counts.sent - before <= i) return i;
  }
  return frames;
}

const heardFrames = ({ heard }: RawClient) => heard.filter((each) => each === frame).length;

describe('graphqlTestServer maxBuffered', () => {
  const serve = useServer();

  it('closes a client that has stopped reading with 1013', async () => {
    const server = await serve({ maxBuffered: 256 * KiB });
    const client = await connect(server.url);
    client.socket.pause();
    const sent = await feed(server, 1_000);
    expect(sent).to.be.within(4, 999);
    server.send('not any more');
    client.socket.resume();
    expect(await client.closed).to.deep.equal(slow);
    expect(heardFrames(client)).to.equal(sent);
    expect(server.ledger.sent.filter((entry) => entry.frame === frame)).to.have.length(sent);
    expect(client.heard).to.not.include('not any more');
  });

  it('leaves a client alone that keeps up', async () => {
    const server = await serve({ maxBuffered: 256 * KiB, ledger: { history: false } });
    const client = await connect(server.url);
    for (let i = 0; i < 40; i++) {
      await feed(server, 4);
      await eventually(() => {
        expect(heardFrames(client)).to.equal(4 * (i + 1));
      });
    }
    expect(client.socket.readyState).to.equal(client.socket.OPEN);
  });

  it('does not take one large frame for a slow client', async () => {
    const server = await serve({ maxBuffered: 0 });
    const client = await connect(server.url);
    const large = 'y'.repeat(16 * KiB * KiB);
    server.send(large);
    expect(await client.next()).to.equal(large);
    server.send({ type: 'ping' });
    expect(await client.next()).to.deep.equal({ type: 'ping' });
  });

  it('waits for a client for ever by default, and with false', async () => {
    for (const maxBuffered of [undefined, false] as const) {
      const server = await serve({ maxBuffered });
      const client = await connect(server.url);
      client.socket.pause();
      expect(await feed(server, 200)).to.equal(200);
      client.socket.resume();
      await eventually(() => {
        expect(heardFrames(client)).to.equal(200);
      });
    }
  });
});
