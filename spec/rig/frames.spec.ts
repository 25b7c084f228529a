import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { EMPTY, NEVER, Subject } from 'rxjs';
import type { ExecutionResult } from 'rx-graphql-ws';
import { eventually } from '../helpers/eventually.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useRigServer } from '../helpers/use-server.js';
import { protocols } from '../helpers/wire.js';
import { connect, type RawClient } from '../testing/server/raw-client.js';
import type { Corruption } from './corruption.js';
import { garbageNames } from './garbage.js';

const streamOf = ({ socket }: RawClient) =>
  (socket as unknown as { _socket: NodeJS.EventEmitter })._socket;

describe('rigServer garble', () => {
  const serve = useRigServer();
  useCalm();

  for (const { subprotocol, next, subscribe } of protocols)
    it(`aims at the oldest live operation of each socket over ${subprotocol}`, async () => {
      const server = await serve({ handle: ({ id }) => (id === 'a' ? EMPTY : NEVER) });
      const idle = await connect(server.url, subprotocol);
      const client = await connect(server.url, subprotocol);
      for (const id of ['a', 'b', 'c']) client.send(subscribe(id, { query: '{ a }' }));
      await server.ledger.until('started', undefined, 3);
      const segments: unknown[] = [];
      streamOf(client).on('data', (segment) => segments.push(segment));
      server.garble('result-after-complete');
      server.garble('payload-null', 'x');
      await eventually(() =>
        expect(client.heard.slice(2)).to.deep.equal([
          { id: 'b', type: 'complete' },
          next('b', { data: 'too late' }),
          next('x', null),
        ]),
      );
      expect(segments.length).to.be.at.most(2);
      expect(idle.heard.slice(1)).to.deep.equal([next('x', null)]);
    });

  it('sends something for every name', async () => {
    const server = await serve({ handle: () => NEVER });
    const client = await connect(server.url);
    client.send({ type: 'subscribe', id: 'c1d09b2e', payload: { query: '{ a }' } });
    await server.ledger.until('started');
    for (const name of garbageNames) {
      const before = server.ledger.counts.sent;
      server.garble(name);
      expect(server.ledger.counts.sent, name).to.be.above(before);
    }
    expect(garbageNames).to.have.length(new Set(garbageNames).size);
  });
});

/** The code that the client answers with, if it answers. */
const answers: Readonly<
  Record<Extract<Corruption, string>, number | 'delivered' | 'heard' | 'stalled'>
> = {
  'huge-frame': 1009,
  'one-byte-fragments': 'delivered',
  'empty-fragments': 'delivered',
  'too-many-fragments': 1008,
  'stall-in-header': 'stalled',
  'stall-in-payload': 'stalled',
  'reserved-bits': 1002,
  compressed: 1002,
  masked: 1002,
  'unknown-opcode': 1002,
  'invalid-utf8': 1007,
  'not-a-frame': 1002,
  'control-ping': 'heard',
  'control-ping-flood': 'heard',
  'close-1005': 1002,
  'close-one-byte': 1002,
  'close-invalid-utf8': 1007,
  'close-escapes': 4999,
  'close-no-fin': 'stalled',
  fin: 1006,
  reset: 1006,
};

describe('rigServer corrupt', () => {
  const serve = useRigServer();
  useCalm();

  for (const [name, answer] of Object.entries(answers))
    it(`${name} is ${answer} at the client`, async () => {
      const server = await serve();
      const client = await connect(server.url);
      let pings = 0;
      client.socket.on('ping', () => ++pings);
      server.corrupt(name as Extract<Corruption, string>);
      if (typeof answer === 'number') {
        expect((await client.closed).code).to.equal(answer === 4999 ? answer : 1006);
        expect((await server.ledger.until('closed')).code).to.equal(answer);
      } else if (answer === 'delivered')
        expect(await client.next()).to.deep.equal({ type: 'pong' });
      else if (answer === 'heard') await eventually(() => expect(pings).to.be.above(0));
      else {
        server.send({ type: 'later' });
        await delay(20);
        expect(client.heard).to.have.length(1);
        server.resume();
        if (name === 'close-no-fin') {
          server.drop();
          expect((await client.closed).code).to.equal(1001);
        } else
          for (const type of ['pong', 'later']) expect((await client.next()).type).to.equal(type);
      }
    });
});

describe('rigServer late()', () => {
  const serve = useRigServer();

  for (const { subprotocol, next, subscribe } of protocols)
    it(`sends the last result after the end, over ${subprotocol}`, async () => {
      const result$ = new Subject<ExecutionResult>();
      const server = await serve({ handle: () => result$ });
      const client = await connect(server.url, subprotocol);
      client.send(subscribe('1', { query: 'subscription { n }' }));
      await server.ledger.until('started');
      result$.next({ data: 7 });
      server.late('1');
      server.complete('1');
      const [result, end] = [next('1', { data: 7 }), { id: '1', type: 'complete' }];
      await eventually(() => expect(client.heard.slice(1)).to.deep.equal([result, end, result]));
    });
});
