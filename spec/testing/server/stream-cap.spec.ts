import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, NEVER, of } from 'rxjs';
import { eventually } from '../../helpers/eventually.js';
import { useServer } from '../../helpers/use-server.js';
import { connect, current, dial, legacy, type RawClient, start, subscribe } from './raw-client.js';

const handle = () => concat(of({ data: { a: 1 } }), NEVER);
const results = ({ heard }: RawClient) =>
  heard.flatMap((message) => ((message as { type: string }).type === 'data' ? [message] : []));

describe('graphqlTestServer maxStreams', () => {
  const serve = useServer();

  it('leaves operations beyond it without a result, in silence, while ka goes on', async () => {
    let asked = 0;
    const server = await serve({
      ...{ maxStreams: 2, keepAlive: 5 },
      handle: () => {
        asked += 1;
        return handle();
      },
    });
    const [one, two] = [await connect(server.url, legacy), await connect(server.url, legacy)];
    one.send(start());
    two.send(start(), start('2'), start('3'));
    await server.ledger.until('capped', undefined, 2);
    const beats = server.ledger.counts.sent;
    await server.ledger.until('sent', ({ message }) => message?.type === 'ka', beats + 3);
    expect(results(one)).to.have.length(1);
    expect(results(two)).to.deep.equal([{ id: '1', type: 'data', payload: { data: { a: 1 } } }]);
    expect(asked).to.equal(2);
    const named = ({ connection, id }: { connection: number; id: string }) => [connection, id];
    expect(server.ledger.billed.map(named)).to.deep.equal([
      [1, '1'],
      [2, '1'],
    ]);
    expect(server.ledger.operations).to.have.length(2);
  });

  it('gives a stream that was stopped to the next operation, not to one that waits', async () => {
    const server = await serve({ maxStreams: 1, handle });
    const client = await connect(server.url, legacy);
    client.send(start(), start('2'), { type: 'stop', id: '1' }, start('3'));
    await server.ledger.until('started', ({ id }) => id === '3');
    await eventually(() => {
      expect(results(client)).to.deep.include.members([
        { id: '3', type: 'data', payload: { data: { a: 1 } } },
      ]);
    });
    expect(server.ledger.billed.map(({ id }) => id)).to.deep.equal(['3']);
    expect(JSON.stringify(client.heard)).to.not.include('"2"');
  });

  it('acknowledges the stop of an operation beyond it, which cost nothing', async () => {
    const server = await serve({ maxStreams: 0, handle });
    const client = await connect(server.url, legacy);
    client.send(start(), { type: 'stop', id: '1' });
    expect(await client.next()).to.deep.equal({ id: '1', type: 'complete' });
    expect(await server.ledger.until('ended')).to.deep.include({ id: '1', billedFor: 0 });
    expect(server.ledger.billedTime).to.equal(0);
  });

  it('counts what the client stopped in vain', async () => {
    const server = await serve({ maxStreams: 1, ignoreStop: true, handle });
    const client = await connect(server.url, legacy);
    client.send(start(), { type: 'stop', id: '1' }, start('2'));
    expect((await server.ledger.until('capped')).id).to.equal('2');
    client.socket.close();
    await server.ledger.until('closed');
    const next = await connect(server.url, legacy);
    next.send(start());
    expect(await next.next()).to.deep.include({ type: 'data' });
  });

  it('counts the streams of each token apart', async () => {
    for (const tokens of [{ in: 'url' }, { in: 'params' }, { in: 'header' }] as const) {
      const server = await serve({ maxStreams: 1, tokens, handle });
      const open = async (token: string) => {
        const headers = { authorization: `Bearer ${token}` };
        const client = await dial(`${server.url}?token=${token}`, current, { headers });
        client.send({ type: 'connection_init', payload: { token } }, subscribe);
      };
      await open('a');
      await server.ledger.until('started');
      await open('b');
      await server.ledger.until('started', undefined, 2);
      await open('a');
      expect((await server.ledger.until('capped')).connection).to.equal(3);
    }
  });
});
