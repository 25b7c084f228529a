import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { useRigServer } from '../helpers/use-server.js';
import { connect, current, dial, legacy } from '../testing/server/raw-client.js';
import { handshakeFaultNames } from './handshakes.js';

const init = { type: 'connection_init' };
const ack = { type: 'connection_ack' };
const subscribe = (type: string) => ({ type, id: '1', payload: { query: '{ a }' } });

/** The messages before the first result, on the current and on the legacy protocol. */
const heard: Readonly<Record<string, readonly [current: object[], legacy?: object[]]>> = {
  'ack-never': [[]],
  'ack-twice': [[ack, ack]],
  'ack-before-init': [[ack]],
  'result-before-ack': [
    [{ id: '1', type: 'next', payload: { data: 'too early' } }, ack],
    [{ id: '1', type: 'data', payload: { data: 'too early' } }, ack],
  ],
  'heartbeat-before-ack': [
    [{ type: 'ping' }, ack],
    [{ type: 'ka' }, ack],
  ],
};

describe('rigServer failHandshakes', () => {
  const serve = useRigServer();

  for (const name of handshakeFaultNames)
    for (const subprotocol of [current, legacy])
      it(`${name} over ${subprotocol}, once`, async () => {
        const server = await serve({ handle: () => [{ data: 1 }] });
        server.failHandshakes(name);
        const client = await dial(server.url, subprotocol);
        if (name === 'ack-before-init') expect(await client.next()).to.deep.equal(ack);
        client.send(init);
        if (name !== 'ack-never')
          client.send(subscribe(subprotocol === current ? 'subscribe' : 'start'));
        await server.ledger.received('connection_init');
        await delay(10);
        const [currently, formerly = currently] = heard[name]!;
        const before = subprotocol === current ? currently : formerly;
        expect(client.heard.slice(0, before.length)).to.deep.equal(before);
        if (name !== 'ack-never')
          expect(client.heard[before.length]).to.deep.include({ payload: { data: 1 } });
        else expect(client.heard).to.deep.equal([]);
        await connect(server.url);
        expect(server.ledger.sent.at(-1)?.message).to.deep.equal(ack);
      });

  it('acknowledges with any payload, closes, or rejects, in the order of the calls', async () => {
    const server = await serve({ connect: () => ({ ack: 'of the server' }) });
    server.failHandshakes({ ack: null });
    server.failHandshakes({ close: 4408, reason: 'too slow' });
    server.failHandshakes({ reject: ['odd'], code: 4401 });
    const ackOf = async () => {
      const client = await dial(server.url, legacy);
      client.send(init);
      return client;
    };
    expect(await (await ackOf()).next()).to.deep.equal({ ...ack, payload: null });
    expect(await (await ackOf()).closed).to.deep.equal({ code: 4408, reason: 'too slow' });
    const rejected = await ackOf();
    expect(await rejected.next()).to.deep.equal({ type: 'connection_error', payload: ['odd'] });
    expect((await rejected.closed).code).to.equal(4401);
    expect(await (await ackOf()).next()).to.deep.equal({ ...ack, payload: 'of the server' });
  });
});
