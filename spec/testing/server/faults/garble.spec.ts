import { expect } from 'chai';
import { describe, it } from 'mocha';
import { EMPTY, map, NEVER, Subject } from 'rxjs';
import { garbageNames, type Garbage } from 'rx-graphql-ws/testing/server';
import { eventually } from '../../../helpers/eventually.js';
import { useCalm } from '../../../helpers/net/use-calm.js';
import { useServer } from '../../../helpers/use-server.js';
import { useSocket } from '../../../helpers/use-socket.js';
import { protocols } from '../../../helpers/wire.js';
import { connect, current, dial, legacy } from '../raw-client.js';
import { outcome } from './survival.js';

const ignored = 1;
const redialled = 2;

/** What the operation aimed at comes to first, when each then gets the number of its connection. */
const outcomes: Readonly<Record<Garbage, unknown>> = {
  'not-json': redialled,
  empty: redialled,
  null: redialled,
  array: redialled,
  string: redialled,
  number: redialled,
  'type-missing': redialled,
  'type-not-string': redialled,
  'type-unknown': ignored,
  'type-long': ignored,
  'type-prototype': ignored,
  'id-unknown': ignored,
  'id-prototype': ignored,
  'id-long': ignored,
  'id-huge': ignored,
  'id-empty': redialled,
  'id-null': redialled,
  'id-missing': redialled,
  'binary-not-utf8': redialled,
  'byte-order-mark': redialled,
  'unsolicited-pong': ignored,
  'ping-payload': ignored,
  'ping-flood': ignored,
  'id-number': 'numbered',
  'payload-null': 'ProtocolError',
  'payload-array': 'ProtocolError',
  'payload-scalar': 'ProtocolError',
  'payload-string': 'ProtocolError',
  'payload-empty': 'ProtocolError',
  'payload-missing': 'ProtocolError',
  'payload-cut': 'ProtocolError',
  'result-errors': 'OperationError',
  'error-missing': 'OperationError',
  'error-null': 'OperationError',
  'error-string': 'OperationError',
  'error-object': 'OperationError',
  'error-empty': 'OperationError',
  'error-of-null': 'OperationError',
  'error-of-string': 'OperationError',
  'error-long': 'OperationError',
  'complete-twice': 'completed',
  'error-then-complete': 'OperationError',
  'result-after-complete': 'completed',
  'result-after-error': 'OperationError',
  'binary-result': 'é',
  'lone-surrogate': '\ud800',
  'nul-character': '\u0000',
  'duplicate-keys': { a: 2 },
  'proto-key': JSON.parse('{"__proto__":{"polluted":true}}') as unknown,
  'deep-nesting': 'deep',
  'unsafe-integer': 2 ** 53,
};

for (const { subprotocol } of protocols)
  describe(`garble over ${subprotocol}`, () => {
    const serve = useServer();
    const socketTo = useSocket();
    useCalm();

    for (const name of garbageNames)
      it(`${name} is nothing to its neighbour`, async function () {
        this.timeout(10_000);
        const tick$ = new Subject<void>();
        const server = await serve({
          handle: (_, { peer }) => tick$.pipe(map(() => ({ data: peer.connection }))),
        });
        const socket = socketTo({ url: server.url, subprotocols: [subprotocol] });
        // a listener has our side build everything that it can tell
        socket.events$.subscribe();
        const victim = outcome(socket);
        const neighbour = outcome(socket);
        await server.ledger.until('started', undefined, 2);
        server.garble(name);
        await eventually(() => {
          if (victim.length === 0) tick$.next();
          expect(neighbour).not.to.have.length(0);
        }, 5_000);
        const [first] = victim;
        if (name === 'deep-nesting') expect(first).to.be.an('array');
        else expect(first).to.deep.equal(outcomes[name]);
        expect(neighbour[0]).to.equal(first === redialled ? redialled : ignored);
        const { closed } = server.ledger;
        expect(closed.map(({ code }) => code)).to.deep.equal(first === redialled ? [4400] : []);
      });
  });

describe('garble', () => {
  const serve = useServer();

  for (const { subprotocol, next, subscribe } of protocols)
    it(`aims at the operation that has been live for longest over ${subprotocol}`, async () => {
      const server = await serve({ handle: ({ id }) => (id === 'a' ? EMPTY : NEVER) });
      const other = await connect(server.url, subprotocol);
      const client = await connect(server.url, subprotocol);
      for (const id of ['a', 'b', 'c']) client.send(subscribe(id, { query: '{ a }' }));
      await server.ledger.until('started', undefined, 3);
      server.garble('result-after-complete');
      const late = next('b', { data: 'too late' });
      await eventually(() => {
        expect(client.heard.slice(2)).to.deep.equal([{ id: 'b', type: 'complete' }, late]);
      });
      server.garble('payload-null', 'x');
      server.peers[1]!.garble('payload-null');
      await eventually(() => {
        expect(client.heard.slice(4)).to.deep.equal([next('x', null), next('b', null)]);
      });
      expect(other.heard.slice(1)).to.deep.equal([next('x', null)]);
    });

  it('has a number for an id that is none', async () => {
    const server = await serve();
    const client = await connect(server.url);
    const ids = ['12', 'c1d09b2e-79d3-4f5c', '1e999'];
    for (const id of ids) server.garble('id-number', id);
    const heard = [await client.next(), await client.next(), await client.next()];
    expect(heard.map(({ id }) => id)).to.deep.equal([12, 1, 1]);
  });

  it('sends what is said in one TCP segment', async () => {
    const server = await serve();
    const client = await connect(server.url);
    const { _socket: stream } = client.socket as unknown as { _socket: NodeJS.EventEmitter };
    const segments: Buffer[] = [];
    stream.on('data', (segment: Buffer) => segments.push(segment));
    server.garble('error-then-complete', '1');
    for (let i = 0; i < 2; i++) await client.next();
    expect(segments).to.have.length(1);
  });

  it('keeps to the heartbeat of the protocol', async () => {
    const server = await serve();
    const one = await connect(server.url, current);
    const two = await connect(server.url, legacy);
    server.garble('unsolicited-pong');
    server.garble('ping-payload');
    await eventually(() => {
      expect(two.heard.slice(1)).to.deep.equal([{ type: 'ka' }, { type: 'ka' }]);
    });
    expect(one.heard.slice(1)).to.deep.equal([
      { type: 'pong' },
      { type: 'ping', payload: { echo: 'é'.repeat(80) } },
    ]);
    server.garble('ping-flood');
    await eventually(() => expect(one.heard).to.have.length(10_003));
  });

  it('knows a script’s client by its subprotocol', async () => {
    const server = await serve({ fallback: false, script: ({ closed$ }) => closed$ });
    const clients = [await dial(server.url, legacy), await dial(server.url, [])];
    server.garble('id-empty');
    const types = await Promise.all(clients.map(async (client) => (await client.next()).type));
    expect(types).to.deep.equal(['data', 'next']);
  });

  it('tells of a slip, with or without sockets', async () => {
    const server = await serve();
    expect(() => {
      server.garble('not-jsno' as 'not-json');
    }).to.throw(TypeError, "unknown garbage 'not-jsno': did you mean 'not-json'?");
    expect(() => {
      server.garble('zzz' as 'not-json');
    }).to.throw(TypeError, "unknown garbage 'zzz': there are not-json, empty, null");
    await connect(server.url);
    expect(() => {
      server.peers[0]!.garble('constructor' as 'not-json');
    }).to.throw(TypeError, "unknown garbage 'constructor'");
  });

  it('is something else each time', () => {
    expect(garbageNames).to.deep.equal([...new Set(garbageNames)]);
    expect(Object.keys(outcomes)).to.deep.equal(garbageNames);
  });
});
