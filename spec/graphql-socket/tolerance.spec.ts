import { expect } from 'chai';
import { describe } from 'mocha';
import type { SocketEvent } from '../../lib/transport/events.js';
import { bench, subscribed } from '../helpers/bench.js';
import { accepts } from '../helpers/scripted.js';
import { advance, record, test } from '../helpers/test.js';
import { ack, complete, failure, protocols } from '../helpers/wire.js';

const subscription = 'subscription { a }';
const oddities = (events: readonly SocketEvent[]) =>
  events.filter(({ type }) => type === 'unhandled' || type === 'orphaned');

for (const wire of protocols)
  describe(`on ${wire.subprotocol}`, () => {
    const result = { data: 1 };
    /** After the ack; shown as `unhandled` or `orphaned`, or not at all. */
    const tolerated: [string, object, 'unhandled' | 'orphaned' | undefined][] = [
      ['an unknown type', { type: 'news', id: '1', payload: { data: 1 } }, 'unhandled'],
      ['a type that every object has', { type: 'constructor', id: '1' }, 'unhandled'],
      ['a type of 80 letters that are not ASCII', { type: 'é'.repeat(80) }, 'unhandled'],
      ['an error without id', { type: 'error', payload: { message: 'no' } }, 'unhandled'],
      ['an error with id null', { type: 'error', id: null, payload: {} }, 'unhandled'],
      ['a complete without id', { type: 'complete' }, 'unhandled'],
      ['a second ack', ack({ again: true }), 'unhandled'],
      ['connection_error after the ack', { type: 'connection_error', payload: 'no' }, 'unhandled'],
      ['a result for an unknown id', wire.next('77', result), 'orphaned'],
      ['a result for id `__proto__`', wire.next('__proto__', result), 'orphaned'],
      ['a result for id `constructor`', wire.next('constructor', result), 'orphaned'],
      ['a result for an unknown number', wire.next(77, result), 'orphaned'],
      ['an error for an unknown id', failure('77', 'no'), 'unhandled'],
      ['an error for id `__proto__`', failure('__proto__', 'no'), 'unhandled'],
      ['a complete for an unknown id', complete('77'), undefined],
      ['a complete for id `toString`', complete('toString'), undefined],
      [
        'a pong that nobody asked for',
        { type: wire.subprotocol === 'graphql-ws' ? 'ka' : 'pong' },
        undefined,
      ],
      [
        'a ka on the current protocol, a ping on the legacy one',
        { type: wire.subprotocol === 'graphql-ws' ? 'ping' : 'ka' },
        'unhandled',
      ],
    ];
    for (const [what, frame, shown] of tolerated)
      test(`${what} is tolerated${shown ? `, and shown as ${shown}` : ''}`, () => {
        const { socket, at } = bench({}, accepts(wire.subprotocol));
        const [stream, events] = [record(socket.subscribe$(subscription)), record(socket.events$)];
        advance(2);
        at(0).send(frame);
        const [oddity, more] = oddities(events.values);
        expect(oddity?.type).to.equal(shown);
        expect(more).to.equal(undefined);
        if (shown === 'unhandled') expect(oddity).to.include({ frame: JSON.stringify(frame) });
        if (shown === 'orphaned')
          expect(oddity).to.include({ id: String((frame as { id: unknown }).id) });
        at(0).send(wire.next('1', { data: 'on' }));
        expect(stream.log).to.deep.equal([[2, 'on']]);
        expect(at(0).closes).to.deep.equal([]);
      });

    test('an unknown type before the ack, and a ka or pong then, are tolerated', () => {
      const { socket, at, peers } = bench({}, accepts(wire.subprotocol));
      const [stream, events] = [record(socket.subscribe$(subscription)), record(socket.events$)];
      advance(1);
      at(0).send({ type: 'ka' }, { type: 'pong' }, { type: 'news' });
      advance(1);
      expect(at(0).sent).to.have.length(2);
      expect(oddities(events.values)).to.have.length(2);
      expect([peers.length, stream.log]).to.deep.equal([1, []]);
    });

    test('ids that come back as numbers are those that were sent', () => {
      const { socket, at } = bench({}, accepts(wire.subprotocol));
      const streams = [1, 2, 3].map(() => record(socket.subscribe$(subscription)));
      advance(2);
      at(0).send(
        wire.next(1, { data: 1 }),
        { ...failure('2', 'no'), id: 2 },
        { type: 'complete', id: 3 },
      );
      expect(streams.map(({ log }) => log[0]?.[1])).to.deep.equal([1, 'error', 'complete']);
    });

    test('a message that crosses on the wire reaches nobody, and is answered with one stop at most', () => {
      const { socket, at } = bench({}, accepts(wire.subprotocol));
      record(socket.connection$);
      const [left, completed, failed] = [1, 2, 3].map(() =>
        record(socket.subscribe$(subscription)),
      );
      const events = record(socket.events$);
      advance(2);
      left?.unsubscribe();
      at(0).send(wire.next('1', { data: 'late' }), complete('1'), failure('1', 'late'));
      at(0).send(
        complete('2'),
        wire.next('2', { data: 'late' }),
        complete('2'),
        failure('2', 'late'),
      );
      at(0).send(failure('3', 'no'), complete('3'), wire.next('3', { data: 'late' }));
      at(0).send(wire.next('3', { data: 'later' }), wire.next('77', { data: 'foreign' }));
      expect(left?.log).to.deep.equal([]);
      expect(completed?.log).to.deep.equal([[2, 'complete']]);
      expect(failed?.log).to.deep.equal([[2, 'error', 'OperationError']]);
      const sent = at(0).sent.slice(4);
      expect(sent).to.deep.equal(['1', '2', '3'].map(wire.stop));
      const orphaned = oddities(events.values).filter(({ type }) => type === 'orphaned');
      const ids = orphaned.map((event) => (event as { id?: string }).id);
      expect(ids).to.deep.equal(['1', '2', '3', '3', '77']);
    });

    test('an error of whatever shape ends its operation alone', () => {
      const { socket, at } = bench({}, accepts(wire.subprotocol));
      const beside = record(socket.subscribe$(subscription));
      const shapes: [unknown, string][] = [
        [[{ message: 'a' }, { message: 'b' }], 'a'],
        [{ message: 'a' }, 'a'],
        [{ errors: [{ message: 'a' }] }, 'a'],
        [{ data: null, errors: [{ message: 'a' }] }, 'a'],
        ['a', 'a'],
        [['a'], 'a'],
        [{ path: '$', error: 'a', code: 'b' }, 'a'],
        [{ message: null, errors: { reason: ['a'] } }, 'a'],
        [{}, 'unknown error'],
        [[], 'unknown error'],
        [[null], 'unknown error'],
        [null, 'unknown error'],
        [undefined, 'unknown error'],
      ];
      const failing = shapes.map(() => record(socket.subscribe$(subscription)));
      advance(2);
      shapes.forEach(([payload], index) =>
        at(0).send({ type: 'error', id: String(index + 2), payload }),
      );
      expect(
        failing.map(
          ({ error }) => (error as unknown as { errors: { message: string }[] }).errors[0]?.message,
        ),
      ).to.deep.equal(shapes.map(([, message]) => message));
      expect([beside.log, at(0).closes]).to.deep.equal([[], []]);
    });
  });

for (const wire of protocols)
  describe(`a malformed frame on ${wire.subprotocol}`, () => {
    const malformed = [
      '',
      'no JSON',
      'null',
      '[]',
      '"x"',
      '1e999',
      '{}',
      '{"type":1}',
      JSON.stringify(wire.next('', {})),
      JSON.stringify({ ...wire.next('1', {}), id: undefined }),
      JSON.stringify({ ...wire.next('1', {}), id: null }),
    ];
    for (const frame of malformed)
      test(`${frame || 'an empty frame'} closes with 4400, and the streams go on elsewhere`, () => {
        const { socket, at, peers } = bench({}, accepts(wire.subprotocol));
        const [stream, states] = [record(socket.subscribe$(subscription)), record(socket.status$)];
        advance(2);
        at(0).send(frame, wire.next('1', { data: 'late' }));
        expect(at(0).closes).to.deep.equal([{ at: 2, code: 4400, reason: 'Malformed frame' }]);
        expect(states.values.at(-1)).to.have.nested.property('error.name', 'ProtocolError');
        advance(12);
        expect(peers).to.have.length(2);
        at(1).send(wire.next('2', { data: 'on' }));
        expect(stream.log).to.deep.equal([[14, 'on']]);
      });

    test('text in a binary frame is read, and bytes that are no text close with 4400', () => {
      const { at, stream } = subscribed(bench({}, accepts(wire.subprotocol)));
      advance(2);
      const bytes = new TextEncoder().encode(JSON.stringify(wire.next('1', { data: 'ü' })));
      at(0).send(bytes.buffer);
      expect(stream.values).to.deep.equal(['ü']);
      at(0).send(new Uint8Array([0xc3, 0x28]).buffer);
      expect(at(0).closes).to.deep.equal([{ at: 2, code: 4400, reason: 'Malformed frame' }]);
      advance(12);
      expect(at(1).sent).to.have.length(2);
    });

    test('a message of an operation before the ack closes with 4400, silently', () => {
      const { at, stream } = subscribed(bench({}, accepts(wire.subprotocol)));
      advance(1);
      at(0).send(wire.next('1', { data: 1 }));
      expect(at(0).closes).to.deep.equal([{ at: 1, code: 4400, reason: 'Malformed handshake' }]);
      advance(12);
      expect([at(1).sent.length, stream.log]).to.deep.equal([2, []]);
    });
  });
