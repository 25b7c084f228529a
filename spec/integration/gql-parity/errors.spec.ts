import { expect } from 'chai';
import { describe, it } from 'mocha';
import { filter, firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import type { Frame, Peer } from 'rx-graphql-ws/testing/server';
import { failureOf } from '../../helpers/failure-of.js';
import { acknowledge, answering, completion, resultOf } from '../../helpers/parity/answering.js';
import { continents, continentsQuery } from '../../helpers/parity/continents.js';
import { record } from '../../helpers/parity/record.js';
import { stateOf } from '../../helpers/parity/state-of.js';
import { useParity } from '../../helpers/parity/use-parity.js';
import { protocols } from '../../helpers/wire.js';

const errors = [
  {
    message: 'Cannot query field "bloh" on type "Continent".',
    locations: [{ line: 4, column: 5 }],
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  },
];

/** A frame ends the connection, nothing, or its operation: with a ProtocolError, or with an OperationError of these messages. */
type Damage = 'connection' | 'nothing' | 'ProtocolError' | readonly string[];

const costs = (damage: Damage) =>
  damage === 'nothing' ? damage : `the ${damage === 'connection' ? damage : 'operation alone'}`;

for (const { subprotocol, next, stop, goodbye } of protocols)
  describe(`gql parity: errors over ${subprotocol}`, () => {
    const start = useParity(subprotocol);

    it('AE1, GE1 a query fails with the errors of a result, as they were sent', async () => {
      const { socket } = await start({ script: answering(resultOf({ errors })) });
      const error = await failureOf(socket.query$('{ continents { bloh } }'), 'OperationError');
      expect(error.errors).to.deep.equal(errors);
    });

    it('AE2, GE2 a subscription fails with the errors of a result before the server ends it', async () => {
      const { server, socket } = await start({
        script: async (peer) => {
          await acknowledge(peer);
          const { id } = await peer.read();
          peer.send(resultOf({ errors })(id, peer), completion(id));
        },
      });
      const seen = record(socket.subscribe$('subscription { bloh }'));
      await seen.ended;
      expect(seen.error).to.deep.include({ name: 'OperationError', errors });
      expect(seen.values).to.deep.equal([]);
      await server.ledger.until('closed');
      expect(server.ledger.messages.slice(2)).to.deep.equal([stop('1'), ...goodbye]);
    });

    it('AE3, GE3 connecting fails when no ack comes in time', async () => {
      const { server, socket } = await start({ ackDelay: false }, { ackTimeout: 30 });
      const error = await failureOf(socket.query$(continentsQuery), 'HandshakeError');
      expect(error).to.include({ kind: 'timeout' });
      expect(await server.ledger.until('closed')).to.include({
        code: subprotocol === 'graphql-ws' ? 1000 : 4504,
      });
      expect(server.ledger.messages).to.deep.equal([{ type: 'connection_init' }]);
    });

    for (const [id, frame] of [
      ['AE4', { id: null, type: 'connection_error', payload: { message: 'not JSON' } }],
      ['AE10', { type: 'error', id: '404', payload: { message: 'error for no one' } }],
    ] as const)
      it(`${id} ${frame.type} of no operation is told after the ack, and ends nothing`, async () => {
        const script = async (peer: Peer) => {
          await acknowledge(peer);
          peer.send(frame);
        };
        const { server, socket } = await start({ script });
        const unhandled = firstValueFrom(
          socket.events$.pipe(filter((event) => event.type === 'unhandled')),
        );
        const connections = record(socket.connection$);
        expect((await unhandled).frame).to.equal(JSON.stringify(frame));
        expect(connections.outcome).to.equal('running');
        connections.unsubscribe();
        expect((await server.ledger.until('closed')).code).to.equal(1000);
      });

    const result = (id: string | undefined, payload: unknown) =>
      ({ ...next('', payload), id }) as Frame;
    const failed = (payload: unknown): Frame => ({ type: 'error', id: '1', payload });
    const variants: readonly (readonly [ids: string, what: string, Frame, Damage])[] = [
      ['AE6, GE5', 'text that is not JSON', 'BLAHBLAH', 'connection'],
      ['X2', 'a list', '[]', 'connection'],
      ['X2', 'a string', '"text"', 'connection'],
      ['X2', 'null', 'null', 'connection'],
      ['X2', 'a number', '1', 'connection'],
      ['AE6, GE5', 'an empty object', '{}', 'connection'],
      ['AE6, GE5', 'a binary frame', Uint8Array.of(1, 2, 3), 'connection'],
      ['AE6, GE5', 'a result without id', result(undefined, { data: 1 }), 'connection'],
      ['AE6, GE5', 'a result without payload', result('1', undefined), 'ProtocolError'],
      ['AE6, GE5', 'a result that is text', result('1', 'BLAH'), 'ProtocolError'],
      ['AE6, GE5', 'a result that is {}', result('1', {}), 'ProtocolError'],
      ['AE6, GE5', 'an error without payload', failed(undefined), ['unknown error']],
      ['GE5', 'an error that is text', failed('BLAH'), ['BLAH']],
      ['X3', 'an error that is an empty list', failed([]), ['unknown error']],
      ['X4', 'an error that is an object', failed({ message: 'no' }), ['no']],
      [
        'X4',
        'an error that is a list of results',
        failed([{ errors: [{ message: 'no' }] }]),
        ['no'],
      ],
      [
        'GE4, X5',
        'an error with two messages',
        failed([{ message: 'no' }, { message: 'nor' }]),
        ['no', 'nor'],
      ],
      [
        'AE6, GE5',
        'an error without id',
        { type: 'error', payload: [{ message: 'no' }] },
        'nothing',
      ],
      ['AE6, GE5', 'an end without id', { type: 'complete' }, 'nothing'],
      ['X6', 'an unknown type', { id: '1', type: 'start_ack' }, 'nothing'],
    ];
    for (const [ids, what, frame, damage] of variants)
      it(`${ids} ${what} costs ${costs(damage)}`, async () => {
        const { server, socket } = await start({
          script: async (peer) => {
            if (peer.connection === 2) return answering(resultOf({ data: continents }))(peer);
            await acknowledge(peer);
            for (const id of ['1', '2']) expect(await peer.read()).to.include({ id });
            peer.send(frame, resultOf({ data: 2 })('2', peer), completion('2'), completion('1'));
          },
        });
        const events = record(socket.events$);
        const [first, second] = ['{ a }', '{ b }'].map((query) => record(socket.subscribe$(query)));
        await Promise.all([first?.ended, second?.ended]);
        if (damage === 'connection') {
          for (const seen of [first, second])
            expect(seen?.error).to.have.property('name', 'ProtocolError');
          const closed = await server.ledger.until('closed');
          expect(closed).to.include({ code: 4400, reason: 'Malformed frame' });
          const again = await firstValueFrom(socket.query$(continentsQuery));
          expect(again).to.deep.equal(continents);
          return;
        }
        expect(second).to.deep.include({ outcome: 'completed', values: [2] });
        if (damage === 'nothing') {
          expect(first).to.deep.include({ outcome: 'completed', values: [] });
          const [unhandled] = events.values.filter(({ type }) => type === 'unhandled');
          expect(unhandled).to.include({ frame: JSON.stringify(frame) });
        } else if (damage === 'ProtocolError')
          expect(first?.error).to.have.property('name', 'ProtocolError');
        else
          expect(first?.error).to.deep.include({
            name: 'OperationError',
            errors: damage.map((message) => ({ message })),
          });
      });

    it('AE7, GE6 connecting fails when an operation is answered before the ack', async () => {
      const { server, socket } = await start({
        script: async (peer) => {
          await peer.read('connection_init');
          peer.send(completion('1'));
        },
      });
      const error = await failureOf(socket.query$(continentsQuery), 'ProtocolError');
      expect(error.frame).to.equal('{"id":"1","type":"complete"}');
      expect((await server.ledger.until('closed')).code).to.equal(4400);
    });

    it('AE8, GE7 connecting fails when the server closes at once', async () => {
      const { socket } = await start({ script: (peer) => peer.close() });
      const error = await failureOf(socket.query$(continentsQuery), 'HandshakeError');
      expect(error).to.include({ kind: 'rejected' });
      expect(error.cause).to.include({ name: 'ConnectionClosedError', code: 1005 });
      expect(await stateOf(socket)).to.equal('failed');
    });

    it('AE9, GE8 every operation fails with the code when the server closes after the ack', async () => {
      const { server, socket } = await start({
        script: async (peer) => {
          await acknowledge(peer);
          peer.close(1000, 'bye');
        },
      });
      for (const connection of [1, 2]) {
        const error = await failureOf(socket.query$(continentsQuery), 'ConnectionClosedError');
        expect(error).to.include({ code: 1000, reason: 'bye', wasClean: true });
        await server.ledger.until('closed', undefined, connection);
      }
    });

    it('X11 a result with data and errors ends subscribe$ unless it ignores errors, and never execute$', async () => {
      const partly = [{ message: 'partly' }];
      const handle = () => [{ data: { a: 1 }, errors: partly }, { data: { a: 2 } }];
      const { socket } = await start({ handle });
      const query = 'subscription { a }';
      const whole = record(socket.execute$(query));
      const strict = record(socket.subscribe$(query));
      const lenient = record(socket.subscribe$(query, { errorPolicy: 'ignore' }));
      await Promise.all([whole.ended, strict.ended, lenient.ended]);
      expect(whole).to.deep.include({ outcome: 'completed', values: handle() });
      const failure = { name: 'OperationError', errors: partly, data: { a: 1 } };
      expect(strict.error).to.deep.include(failure);
      expect(strict.values).to.deep.equal([]);
      expect(lenient).to.deep.include({ outcome: 'completed', values: [{ a: 1 }, { a: 2 }] });
    });

    it('X12 data that is null is emitted', async () => {
      const { socket } = await start({ handle: () => [{ data: null }] });
      for (const data$ of [socket.subscribe$('subscription { a }'), socket.query$('{ a }')])
        expect(await lastValueFrom(data$.pipe(toArray()))).to.deep.equal([null]);
    });
  });

describe('gql parity: requests that are refused', () => {
  const start = useParity(SUBSCRIPTIONS_TRANSPORT_WS);

  it('AE5 an operation that the server refuses fails, and the connection ends properly', async () => {
    const { server, socket } = await start(
      { handle: () => [] },
      { jsonReplacer: (key, value: unknown) => (key === 'payload' ? 'BLAHBLAH' : value) },
    );
    const error = await failureOf(socket.query$(continentsQuery), 'OperationError');
    expect(error.errors).to.deep.equal([{ message: 'Must provide document' }]);
    await server.ledger.until('closed');
    expect(server.ledger.messages).to.deep.equal([
      { type: 'connection_init' },
      { type: 'start', id: '1', payload: 'BLAHBLAH' },
      { type: 'connection_terminate' },
    ]);
  });

  const invalid = new Error('Cannot query field "bloh"');
  const print = () => {
    throw invalid;
  };
  for (const [what, request, cause] of [
    ['a validation that throws', { kind: 'Document', definitions: [] }, invalid.message],
    ['variables that are no JSON', { query: '{ a }', variables: { id: 1n } }, /BigInt/],
  ] as const)
    it(`X30 ${what} fails at once, with the original error, and is not retried`, async () => {
      const { server, socket } = await start({ handle: () => [] }, { print, retry: { delay: 0 } });
      const { cause: thrown } = await failureOf(socket.query$(request), 'ConfigurationError');
      expect((thrown as Error).message).to.match(RegExp(cause));
      expect(server.ledger.messages.filter(({ type }) => type === 'start')).to.deep.equal([]);
      expect(server.ledger.upgrades.length).to.be.lessThan(2);
    });
});
