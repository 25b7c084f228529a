import { expect } from 'chai';
import { describe, it } from 'mocha';
import { EMPTY, NEVER } from 'rxjs';
import type { LedgerEntry } from 'rx-graphql-ws/testing/server';
import { connect, dial, legacy } from './raw-client.js';
import { useServer } from '../../helpers/use-server.js';

const start = (id: string) => ({ type: 'start', id, payload: { query: '{ a }' } });

describe('graphqlTestServer ledger', () => {
  const serve = useServer();

  it('tells everything in order, with instants and connection numbers', async () => {
    const { ledger, url } = await serve({ handle: () => EMPTY });
    const began = Date.now();
    const client = await dial(url, legacy);
    const frames = ['{"type":"connection_init"}', JSON.stringify(start('1')), 'QSDF'];
    client.send(...frames);
    await ledger.until('received', ({ frame }) => frame === 'QSDF');
    client.socket.close(1000, 'bye');
    await ledger.until('closed');
    const connection = 1;
    const [upgrade, ...entries] = ledger.entries.map(({ at, ...entry }) => {
      expect(at).to.be.within(began, Date.now());
      return entry;
    });
    expect(upgrade).to.deep.include({ type: 'upgrade', url: '/graphql', subprotocols: [legacy] });
    const request = { id: '1', query: '{ a }', variables: {} };
    const message = { type: 'connection_init' };
    expect(entries).to.deep.equal([
      { type: 'opened', connection, subprotocol: legacy },
      { type: 'received', connection, frame: frames[0], message },
      { type: 'received', connection, frame: frames[1], message: start('1') },
      { type: 'started', connection, id: '1', request },
      { type: 'ended', connection, id: '1' },
      { type: 'received', connection, frame: 'QSDF', message: undefined },
      { type: 'closed', connection, code: 1000, reason: 'bye' },
    ]);
    expect(ledger.frames.map(({ frame }) => frame)).to.deep.equal(frames);
    expect(ledger.messages).to.deep.equal([message, start('1')]);
    expect(ledger.opened).to.have.length(1);
    expect(ledger.closed).to.have.length(1);
    expect(ledger.upgrades).to.have.length(1);
  });

  it('replays the past to a late subscriber and goes on', async () => {
    const { ledger, url } = await serve();
    await connect(url);
    const seen: LedgerEntry['type'][] = [];
    ledger.entries$.subscribe(({ type }) => seen.push(type));
    expect(seen).to.deep.equal(['upgrade', 'opened', 'received']);
    await connect(url);
    expect(seen).to.have.length(6);
  });

  it('until() resolves with what is past, and with what is to come', async () => {
    const { ledger, url } = await serve({ handle: () => NEVER });
    const client = await connect(url, legacy);
    const ofTwo = ledger.until('started', ({ id }) => id === '2');
    client.send(start('1'), start('2'));
    expect((await ofTwo).id).to.equal('2');
    expect((await ledger.until('started')).id).to.equal('1');
    expect((await ledger.until('started', undefined, 2)).id).to.equal('2');
  });

  it('received() resolves with the nth message of a type', async () => {
    const { ledger, url } = await serve({ handle: () => NEVER });
    const client = await connect(url, legacy);
    const third = ledger.received('start', 3);
    client.send(start('1'), 'QSDF', start('2'), { type: 'stop', id: '1' }, start('3'));
    expect(await third).to.deep.equal(start('3'));
    expect(await ledger.received('start')).to.deep.equal(start('1'));
  });

  it('lists the operations alive now', async () => {
    const { ledger, url } = await serve({ handle: () => NEVER });
    const client = await connect(url, legacy);
    client.send(start('a'), start('b'), { type: 'stop', id: 'a' });
    await ledger.until('ended');
    expect(ledger.operations).to.deep.equal([
      { connection: 1, id: 'b', request: { id: 'b', query: '{ a }', variables: {} } },
    ]);
  });

  it('hands out pictures that do not change, and cannot change it', async () => {
    const { ledger, url } = await serve();
    const before = ledger.entries;
    (ledger.operations as unknown[]).push('mine');
    (ledger.entries as unknown[]).push('mine');
    await connect(url);
    expect(before).to.have.length(0);
    expect(ledger.operations).to.deep.equal([]);
    expect(ledger.entries).to.have.length(3);
  });
});
