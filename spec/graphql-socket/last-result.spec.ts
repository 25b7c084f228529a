import { expect } from 'chai';
import { describe } from 'mocha';
import { take } from 'rxjs';
import { bench } from '../helpers/bench.js';
import { accepts } from '../helpers/scripted.js';
import { advance, record, test } from '../helpers/test.js';
import { protocols } from '../helpers/wire.js';

const ended = (id: string, payload?: unknown) => ({ type: 'complete', id, payload });
const subscription = 'subscription { a }';

for (const wire of protocols)
  describe(`a result within the complete message on ${wire.subprotocol}`, () => {
    const prepare = () => bench({}, accepts(wire.subprotocol));

    test('is delivered, and then the stream completes', () => {
      const { socket, at } = prepare();
      const streams = [
        socket.subscribe$(subscription),
        socket.subscribe$(subscription, { share: true }),
        socket.query$('{ a }'),
        socket.mutate$('mutation { a }'),
        socket.execute$('{ a }'),
      ].map((stream$) => record<unknown>(stream$));
      record(socket.connection$);
      advance(2);
      for (const id of ['1', '2', '3', '4', '5']) at(0).send(ended(id, { data: 7 }));
      expect(streams.map(({ log }) => log)).to.deep.equal(
        [7, 7, 7, 7, { data: 7 }].map((value) => [
          [2, value],
          [2, 'complete'],
        ]),
      );
      expect(at(0).sent).to.have.length(6);
    });

    test('follows the results before it', () => {
      const { socket, at } = prepare();
      const stream = record(socket.subscribe$(subscription));
      advance(2);
      at(0).send(wire.next('1', { data: 1 }), ended('1', { data: 2 }));
      expect(stream.log).to.deep.equal([
        [2, 1],
        [2, 2],
        [2, 'complete'],
      ]);
    });

    test('fails the operation if it has errors, and none else', () => {
      const { socket, at } = prepare();
      const [failed, beside] = [1, 2].map(() => record(socket.subscribe$(subscription)));
      advance(2);
      at(0).send(ended('1', { errors: [{ message: 'no' }] }), wire.next('2', { data: 1 }));
      expect(failed?.error).to.include({ message: 'operation failed: no' });
      expect(beside?.log).to.deep.equal([[2, 1]]);
    });

    for (const payload of [undefined, null, {}, 'text', [{ data: 1 }], { message: 'bye' }])
      test(`is none in the payload of ${JSON.stringify({ payload })}: the stream completes`, () => {
        const { socket, at } = prepare();
        const stream = record(socket.subscribe$(subscription));
        advance(2);
        at(0).send(ended('1', payload));
        expect(stream.log).to.deep.equal([[2, 'complete']]);
      });

    test('may be all that a consumer takes: no restart follows', () => {
      const { socket, at } = prepare();
      record(socket.connection$);
      const one$ = socket.subscribe$(subscription, { onServerComplete: 'restart' }).pipe(take(1));
      const stream = record(one$);
      advance(2);
      at(0).send(ended('1', { data: 1 }));
      expect(stream.log).to.deep.equal([
        [2, 1],
        [2, 'complete'],
      ]);
      advance(60_000);
      expect(at(0).sent).to.have.length(3);
      expect(at(0).sent.at(-1)).to.deep.equal(wire.stop('1'));
    });

    test('is delivered before a restart', () => {
      const { socket, at } = prepare();
      const stream = record(socket.subscribe$(subscription, { onServerComplete: 'restart' }));
      advance(2);
      at(0).send(ended('1', { data: 1 }));
      advance(600);
      at(0).send(wire.next('2', { data: 2 }));
      expect(stream.values).to.deep.equal([1, 2]);
    });

    test('clears the operation of the suspicion that it makes the server close', () => {
      const { socket, at } = prepare();
      const [answered, waiting] = [record(socket.query$('{ a }')), record(socket.query$('{ b }'))];
      advance(2);
      at(0).send(ended('1', { data: 1 }));
      at(0).close(4500, 'no');
      advance(0);
      expect(answered.log).to.have.length(2);
      expect(waiting.error).to.include({ code: 4500 });
    });

    test('proves the connection: the next failure is the first in a row', () => {
      const attempts: number[] = [];
      const delay = (_error: unknown, attempt: number) => attempts.push(attempt) * 10;
      const { socket, at } = bench({ retry: { delay } }, accepts(wire.subprotocol));
      record(socket.connection$);
      record(socket.connection$);
      record(socket.subscribe$(subscription));
      advance(2);
      for (const index of [0, 1]) {
        if (index === 1) at(index).send(ended('2', { data: 1 }));
        at(index).close(1006);
        advance(100);
      }
      expect(attempts).to.deep.equal([1, 1]);
    });

    test('shows on events$, decodable', () => {
      const { socket, at } = prepare();
      const events = record(socket.events$);
      record(socket.subscribe$(subscription));
      advance(2);
      at(0).send(ended('1', { data: 1 }));
      const received = events.values.flatMap((event) =>
        event.type === 'received' && event.message.type === 'complete' ? [event.message] : [],
      );
      expect(received.map(({ payload }) => payload?.decode())).to.deep.equal([{ data: 1 }]);
    });
  });
