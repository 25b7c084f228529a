import { expect } from 'chai';
import { describe } from 'mocha';
import { bench } from '../helpers/bench.js';
import { advance, record, test, timers } from '../helpers/test.js';

describe('close() within a callback', () => {
  for (const where of ['variables', 'generateId'] as const)
    test(`of ${where} completes the subscription that is being sent, and the others`, () => {
      const close = () => {
        socket.close();
        return {};
      };
      let id = 0;
      const generateId = () => {
        if ((id += 1) === 2 && where === 'generateId') close();
        return String(id);
      };
      const { socket, at } = bench({ generateId });
      const variables = where === 'variables' ? close : undefined;
      const streams = [
        record(socket.subscribe$('subscription { a }')),
        record(socket.subscribe$({ query: 'subscription { b }', variables })),
        record(socket.subscribe$('subscription { c }')),
      ];
      advance(5_000);
      expect(streams.map(({ log }) => log.map(([, what]) => what))).to.deep.equal([
        ['complete'],
        ['complete'],
        ['complete'],
      ]);
      expect(at(0).sent.map((message) => message.id)).to.not.include('3');
      expect(timers()).to.equal(0);
    });

  test('of the error of a mutation that a loss has ended is what the others are told', () => {
    const { socket, at } = bench();
    const errors: unknown[] = [];
    socket.mutate$('mutation { a }').subscribe({
      error(error: Error) {
        errors.push(error.name);
        socket.close();
      },
    });
    const subscription = record(socket.subscribe$('subscription { b }'));
    const query = record(socket.query$('{ c }'));
    advance(5);
    at(0).close();
    advance(5_000);
    expect(errors).to.deep.equal(['ConnectionLostError']);
    expect(subscription.log.map(([, what]) => what)).to.deep.equal(['complete']);
    expect(query.error).to.include({ name: 'SocketDisposedError' });
  });
});
