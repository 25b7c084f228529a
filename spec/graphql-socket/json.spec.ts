import { expect } from 'chai';
import { describe } from 'mocha';
import { bench } from '../helpers/bench.js';
import { accepts } from '../helpers/scripted.js';
import { advance, record, test } from '../helpers/test.js';
import { current } from '../helpers/wire.js';

describe('jsonReviver and jsonReplacer', () => {
  const bigints = {
    jsonReplacer: (_key: string, value: unknown) =>
      typeof value === 'bigint' ? `${String(value)}n` : value,
    jsonReviver: (_key: string, value: unknown) =>
      typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
  };

  for (const subprotocol of ['graphql-transport-ws', 'graphql-ws'])
    test(`let values through JSON that it does not know, on ${subprotocol}`, () => {
      const { socket, at } = bench(
        { ...bigints, connectionParams: { n: 1n } },
        accepts(subprotocol),
      );
      const stream = record(
        socket.subscribe$({ query: 'subscription { a }', variables: { n: 2n } }),
      );
      advance(2);
      expect(
        at(0)
          .frames.map(({ text }) => text)
          .join(),
      )
        .to.include('"n":"1n"')
        .and.include('"n":"2n"');
      const next = subprotocol === 'graphql-ws' ? 'data' : 'next';
      at(0).send(`{"id":"1","type":"${next}","payload":{"data":{"n":"3n"}}}`);
      // a frame whose head is unusual
      at(0).send(`{"payload":{"data":{"n":"4n"}},"id":"1","type":"${next}"}`);
      expect(stream.values).to.deep.equal([{ n: 3n }, { n: 4n }]);
    });

  test('that throw end the operation alone', () => {
    const picky = (_key: string, value: unknown) => {
      if (value === 'bad') throw new Error('mine');
      return value;
    };
    const { socket, at } = bench({ jsonReviver: picky, jsonReplacer: picky });
    const bad = record(socket.subscribe$({ query: 'subscription { a }', variables: { n: 'bad' } }));
    const [a, b] = [1, 2].map(() => record(socket.subscribe$('subscription { a }')));
    advance(2);
    expect(bad.error).to.include({ name: 'ConfigurationError', option: 'variables' });
    at(0).send(current.next('1', { data: 'bad' }), current.next('2', { data: 'good' }));
    expect(a?.error).to.include({ name: 'ProtocolError' });
    expect(b?.values).to.deep.equal(['good']);
    expect(at(0).closes).to.deep.equal([]);
  });

  test('are not asked about what is dropped before it is decoded', () => {
    let revived = 0;
    const { socket, at } = bench({
      jsonReviver: (_key, value: unknown) => ((revived += 1), value),
    });
    const stream = record(socket.payload$('subscription { a }'));
    advance(2);
    at(0).send(current.next('1', { data: 1 }), current.next('1', { data: 2 }));
    expect([revived, stream.values.length]).to.deep.equal([0, 2]);
    stream.values[1]?.decode();
    expect(revived).to.be.greaterThan(0);
  });
});
