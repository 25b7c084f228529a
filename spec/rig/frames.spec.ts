import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { EMPTY, finalize, NEVER, Subject } from 'rxjs';
import type { ExecutionResult } from 'rx-graphql-ws';
import { eventually } from '../helpers/eventually.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useRigServer } from '../helpers/use-server.js';
import { protocols } from '../helpers/wire.js';
import { connect, type RawClient } from '../testing/server/raw-client.js';
import type { Corruption } from './corruption.js';
import { garbageNames } from './garbage.js';
import type { RigServer } from './rig-server.js';

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

  it('drip: a frame that does not end, and no other', async () => {
    const server = await serve();
    const client = await connect(server.url);
    const bytes: Buffer[] = [];
    streamOf(client).on('data', (chunk: Buffer) => bytes.push(chunk));
    server.corrupt({ drip: 2 });
    server.send({ type: 'later' });
    await eventually(() => expect(bytes).to.have.length.above(4));
    expect(bytes).to.have.length.below(31);
    const frame = `\u0081\u007f\0\0\0\0\0\u0010\0\0{"type":"pong"}${' '.repeat(30)}`;
    expect(frame.startsWith(Buffer.concat(bytes).toString('latin1'))).to.equal(true);
    client.socket.terminate();
    await server.ledger.until('closed');
  });
});

interface Play {
  readonly server: RigServer;
  readonly start: (id: string) => Promise<unknown>;
}

/** What is done to operations 1 and 2, to which then a result goes, and the messages for them in short. */
const rows: readonly (readonly [
  title: string,
  act: (play: Play) => unknown,
  heard: readonly (readonly [string, unknown])[],
])[] = [
  [
    'neverStart() answers new operations with nothing, until startOperations()',
    async ({ server, start }) => {
      server.neverStart();
      await start('3');
      server.startOperations();
      await start('4');
    },
    [
      ['1', 7],
      ['2', 7],
      ['4', 7],
    ],
  ],
  [
    'complete() and fail() end the operations that match',
    ({ server }) => {
      server.complete('Op1');
      server.fail('2');
    },
    [
      ['1', 'complete'],
      ['2', 'error'],
    ],
  ],
  [
    'late() sends the last result after the end',
    ({ server }) => {
      server.late('1');
      server.complete('1');
    },
    [
      ['1', 'complete'],
      ['2', 7],
      ['1', null],
    ],
  ],
];

interface Heard {
  readonly type: string;
  readonly id?: string;
  readonly payload?: { readonly data: unknown };
}

describe('rigServer result faults', () => {
  const serve = useRigServer();

  for (const { subprotocol, subscribe } of protocols)
    for (const [title, act, expected] of rows)
      it(`${title}, over ${subprotocol}`, async () => {
        const results$ = new Subject<ExecutionResult>();
        let finalized = 0;
        const server = await serve({ handle: () => results$.pipe(finalize(() => ++finalized)) });
        const client = await connect(server.url, subprotocol);
        const start = (id: string) => {
          const count = server.ledger.counts.started + 1;
          client.send(subscribe(id, { query: 'subscription { n }', operationName: `Op${id}` }));
          return server.ledger.until('started', undefined, count);
        };
        await start('1');
        await start('2');
        await act({ server, start });
        results$.next({ data: 7 });
        await new Promise(setImmediate);
        server.peers[0]!.send({ type: 'sync' });
        while ((await client.next()).type !== 'sync');
        const heard = (client.heard as Heard[])
          .filter(({ id }) => id !== undefined)
          .map(({ id, type, payload }) => [
            id,
            ['next', 'data'].includes(type) ? payload!.data : type,
          ]);
        expect(heard).to.have.deep.members(expected);
        const ended = expected.filter(([, what]) => typeof what === 'string');
        expect(finalized).to.equal(ended.length);
      });
});
