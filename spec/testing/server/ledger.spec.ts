import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { concat, EMPTY, NEVER, of, Subject } from 'rxjs';
import { restore, spy, useFakeTimers } from 'sinon';
import { connect, dial, legacy, start } from './raw-client.js';
import { failureOf } from '../../helpers/rejection.js';
import { useServer } from '../../helpers/use-server.js';

const began = 1_000_000;
const setDate = () => useFakeTimers({ toFake: ['Date'], now: began });

describe('graphqlTestServer ledger', () => {
  const serve = useServer();
  afterEach(restore);

  it('tells everything in order, with instants and connection numbers', async () => {
    const { ledger, url } = await serve({ handle: () => EMPTY });
    setDate();
    const client = await dial(url, legacy);
    const frames = ['{"type":"connection_init"}', JSON.stringify(start('1')), 'QSDF'];
    for (const frame of frames) {
      client.send(frame);
      await client.next();
    }
    client.socket.close(1000, 'bye');
    await ledger.until('closed');
    const connection = 1;
    const [upgrade, ...entries] = ledger.entries.map(({ at, ...entry }) => {
      expect(at).to.equal(began);
      return entry;
    });
    expect(upgrade).to.deep.include({ type: 'upgrade', url: '/graphql', subprotocols: [legacy] });
    const request = { id: '1', query: '{ a }', variables: {} };
    const message = { type: 'connection_init' };
    const sent = (message: object) => {
      return { type: 'sent', connection, binary: false, frame: JSON.stringify(message), message };
    };
    expect(entries).to.deep.equal([
      { type: 'opened', connection, subprotocol: legacy },
      { type: 'received', connection, frame: frames[0], message },
      sent({ type: 'connection_ack' }),
      { type: 'received', connection, frame: frames[1], message: start('1') },
      { type: 'started', connection, id: '1', request },
      { type: 'ended', connection, id: '1', billedFor: 0 },
      sent({ id: '1', type: 'complete' }),
      { type: 'received', connection, frame: 'QSDF', message: undefined },
      sent({ type: 'connection_error', id: null, payload: { message: 'Invalid message' } }),
      { type: 'closed', connection, code: 1000, reason: 'bye' },
    ]);
    expect(ledger.frames.map(({ frame }) => frame)).to.deep.equal(frames);
    expect(ledger.messages).to.deep.equal([message, start('1')]);
    const { upgrades, opened, closed, requests } = ledger;
    const lengths = [upgrades, opened, closed, requests].map(({ length }) => length);
    expect(lengths).to.deep.equal([1, 1, 1, 0]);
    expect(ledger.counts).to.deep.equal({
      ...{ upgrade: 1, request: 0, opened: 1, closing: 0, closed: 1 },
      ...{ received: 3, sent: 3, started: 1, capped: 0, ended: 1 },
    });
  });

  const atLeastOne = 'expected `count` to be a whole number ≥ 1, got 0';
  for (const [name, args, message] of [
    ['until', ['opned'], "unknown ledger entry 'opned': did you mean 'opened'?"],
    ['until', ['zzz'], "unknown ledger entry 'zzz': there are upgrade, request, opened"],
    ['until', [], 'expected `type` to be a text, got undefined'],
    ['until', ['closed', 2], 'expected `match` to be a function, got 2 (number)'],
    ['until', ['closed', undefined, 0], atLeastOne],
    ['received', ['x', 0], atLeastOne],
    ['received', [undefined], 'expected `type` to be a text, got undefined'],
  ] as const)
    it(`${name}() rejects ${JSON.stringify(args)}`, async () => {
      const { ledger } = await serve();
      const wait = ledger[name] as (...args: readonly unknown[]) => Promise<unknown>;
      const error = await failureOf(wait(...args));
      expect(error).to.be.instanceOf(TypeError);
      expect((error as Error).message).to.include(message);
    });

  it('until() and received() resolve with what is past, and with what is to come', async () => {
    const { ledger, url } = await serve({ handle: () => NEVER });
    const client = await connect(url, legacy);
    const ofTwo = ledger.until('started', ({ id }) => id === '2');
    client.send(start('1'), start('2'));
    expect((await ofTwo).id).to.equal('2');
    expect((await ledger.until('started')).id).to.equal('1');
    expect((await ledger.until('started', undefined, 2)).id).to.equal('2');
    const third = ledger.received('start', 3);
    client.send('QSDF', { type: 'stop', id: '1' }, start('3'));
    expect(await third).to.deep.equal(start('3'));
    expect(await ledger.received('start')).to.deep.equal(start('1'));
  });

  it('hands out pictures that do not change, and cannot change it', async () => {
    const { ledger, url } = await serve();
    const before = ledger.entries;
    (ledger.operations as unknown[]).push('mine');
    (ledger.entries as unknown[]).push('mine');
    await connect(url);
    expect(before).to.have.length(0);
    expect(ledger.operations).to.deep.equal([]);
    expect(ledger.entries).to.have.length(4);
  });

  describe('sent', () => {
    it('holds text, messages and bytes as they were sent, with the message in them', async () => {
      const server = await serve();
      await connect(server.url);
      server.send('{ raw', { type: 'ping' }, Buffer.from('{"type":"pong"}'), Uint8Array.of(0xff));
      const [ack, ...sent] = server.ledger.sent;
      expect(ack?.message).to.deep.equal({ type: 'connection_ack' });
      expect(sent.map(({ frame, binary, message }) => [frame, binary, message])).to.deep.equal([
        ['{ raw', false, undefined],
        ['{"type":"ping"}', false, { type: 'ping' }],
        [Buffer.from('{"type":"pong"}').toString('base64'), true, { type: 'pong' }],
        ['/w==', true, undefined],
      ]);
    });

    it('parses a message when it is asked for, and once', async () => {
      const server = await serve();
      await connect(server.url);
      const parse = spy(JSON, 'parse');
      server.send({ type: 'ping' });
      const [, ping] = server.ledger.sent;
      expect(parse.callCount).to.equal(0);
      expect(ping?.message).to.deep.equal({ type: 'ping' });
      expect(ping?.message).to.equal(ping?.message);
      expect(parse.callCount).to.equal(1);
    });
  });

  it('lists the sockets that the server takes for open', async () => {
    const { ledger, url, stall } = await serve();
    const clock = setDate();
    const gone = await connect(url);
    clock.tick(5);
    const open = await connect(url, legacy);
    const [first, second] = [
      { connection: 1, subprotocol: 'graphql-transport-ws', openedAt: began },
      { connection: 2, subprotocol: legacy, openedAt: began + 5 },
    ];
    expect(ledger.sockets).to.deep.equal([first, second]);
    stall();
    gone.socket.terminate();
    await gone.closed;
    expect(ledger.sockets).to.deep.equal([first, second]);
    expect(open.socket.readyState).to.equal(open.socket.OPEN);
  });

  it('bills the ms of each stream until it ends, and of all', async () => {
    const results$ = new Subject<never>();
    const { ledger, url } = await serve({ handle: () => results$ });
    const clock = setDate();
    const client = await connect(url, legacy);
    client.send(start('1'));
    await ledger.until('started');
    clock.tick(100);
    client.send(start('2'));
    await ledger.until('started', ({ id }) => id === '2');
    clock.tick(10);
    const [one, two] = ledger.billed;
    const request = { id: '1', query: '{ a }', variables: {} };
    const first = { connection: 1, id: '1', request, startedAt: began, billedFor: 110 };
    expect(one).to.deep.equal(first);
    expect(two).to.deep.include({ id: '2', startedAt: began + 100, billedFor: 10 });
    expect(ledger.billedTime).to.equal(120);
    client.send({ type: 'stop', id: '1' });
    expect(await ledger.until('ended')).to.deep.include({ id: '1', billedFor: 110 });
    clock.tick(1);
    expect(ledger.billed.map(({ id, billedFor }) => [id, billedFor])).to.deep.equal([['2', 11]]);
    expect(ledger.billedTime).to.equal(121);
    results$.complete();
    clock.tick(1_000);
    expect(ledger.billed).to.deep.equal([]);
    expect(ledger.billedTime).to.equal(121);
  });

  describe('without history', () => {
    const quiet = { ledger: { history: false }, handle: () => concat(of({ data: 1 }), NEVER) };

    it('keeps nothing of the past, and counts and lists what is live all the same', async () => {
      const { ledger, url } = await serve(quiet);
      const client = await connect(url, legacy);
      const seen: string[] = [];
      ledger.entries$.subscribe(({ type }) => seen.push(type));
      const started = ledger.until('started');
      client.send(start('1'));
      expect((await started).id).to.equal('1');
      await client.next();
      expect(seen).to.deep.equal(['received', 'started', 'sent']);
      expect(ledger.entries).to.deep.equal([]);
      expect(ledger.sent).to.deep.equal([]);
      expect(ledger.counts).to.deep.include({ opened: 1, received: 2, sent: 2, started: 1 });
      expect(ledger.billed).to.have.length(1);
      expect(ledger.operations).to.have.length(1);
      expect(ledger.sockets).to.have.length(1);
    });

    it('lets a peer read what is to come alone', async () => {
      const server = await serve(quiet);
      const client = await connect(server.url, legacy);
      const [peer] = server.peers;
      const [first, second] = [peer!.read(), peer!.read()];
      client.send('no message', start('1'), start('2'));
      expect([await first, await second]).to.deep.equal([start('1'), start('2')]);
      const missed = server.ledger.received('start');
      client.send(start('3'));
      await missed;
      const third = peer!.read();
      client.send(start('4'));
      expect(await third).to.deep.equal(start('4'));
    });

    it('leaves a script what came before it was read', async () => {
      const read: unknown[] = [];
      const server = await serve({
        ledger: { history: false },
        script: async (peer) => {
          await peer.closed$.forEach(() => undefined);
          for await (const message of peer) read.push(message);
        },
      });
      const client = await dial(server.url, legacy);
      client.send(start('1'), 'no message', start('2'));
      client.socket.close();
      await server.finished();
      expect(read).to.deep.equal([start('1'), start('2')]);
    });
  });
});
