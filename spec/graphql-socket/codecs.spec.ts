import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Codec, ServerMessage } from '../../lib/protocol/codec.js';
import type { ExecutionResult } from '../../lib/types.js';
import { bench } from '../helpers/bench.js';
import { accepts } from '../helpers/fake-peer.js';
import { virtually } from '../helpers/virtually.js';
import { current } from '../helpers/wire.js';

/** A dialect of arrays: `["hello", {…}]`, `["run", "1", "{ a }"]`, `["row", "1", {…}]`, `["end", "1"]`. */
const arrays: Codec = {
  subprotocol: 'arrays',
  canPing: false,
  encode(message) {
    switch (message.type) {
      case 'init':
        return JSON.stringify(['hello', message.payload]);
      case 'subscribe':
        return JSON.stringify(['run', message.id, message.payload.query]);
      case 'complete':
        return JSON.stringify(['stop', message.id]);
      case 'terminate':
        return '["bye"]';
      default:
        return '';
    }
  },
  decode(frame): ServerMessage {
    const [word, id, value] = JSON.parse(frame) as [string, string, unknown];
    switch (word) {
      case 'welcome':
        return { type: 'ack', payload: id };
      case 'row':
        return {
          type: 'next',
          id,
          payload: { text: JSON.stringify(value), decode: () => value as ExecutionResult },
        };
      case 'no':
        return { type: 'error', id, errors: [{ message: String(value) }] };
      case 'end':
        return { type: 'complete', id };
      default:
        return { type: 'unknown', frame };
    }
  },
};

describe('codecs', () => {
  const speaking = { codecs: [arrays], subprotocols: ['arrays', 'graphql-ws'] };
  const welcome = accepts('arrays');

  it(
    'bring a third dialect, from its greeting to its goodbye',
    virtually(({ record, advance }) => {
      const { socket, at } = bench({ ...speaking, connectionParams: { me: 1 } }, welcome);
      const [stream, failed, left] = ['a', 'b', 'c'].map((name) =>
        record(socket.subscribe$(`subscription { ${name} }`)),
      );
      const events = record(socket.events$);
      advance(1);
      at(0).receive('["welcome","you"]');
      at(0).receive('["row","1",{"data":1}]', '["no","2","nope"]', '["news"]');
      left?.unsubscribe();
      at(0).receive('["end","1"]');
      advance(0);
      expect(stream?.log).to.deep.equal([
        [1, 1],
        [1, 'complete'],
      ]);
      expect(failed?.error).to.deep.include({ errors: [{ message: 'nope' }] });
      expect(at(0).sent.map(({ text }) => text)).to.deep.equal([
        '["hello",{"me":1}]',
        ...['a', 'b', 'c'].map(
          (name, n) => `["run","${String(n + 1)}","subscription { ${name} }"]`,
        ),
        '["stop","3"]',
        '["bye"]',
      ]);
      expect(JSON.stringify(events.values)).to.include(
        '["hello","[redacted]"]'.replaceAll('"', '\\"'),
      );
      expect(events.values.map(({ type }) => type)).to.include('unhandled');
      expect(record(socket.status$).values[0]).to.include({ state: 'idle' });
    }),
  );

  it(
    'have what the built-in two have: reconnects, ids, mutations that are not sent twice',
    virtually(({ record, advance }) => {
      const { socket, at } = bench(speaking, welcome);
      const [stream, mutation] = [
        record(socket.subscribe$('subscription { a }')),
        record(socket.mutate$('mutation { a }')),
      ];
      advance(1);
      at(0).receive('["welcome"]');
      at(0).end(1006);
      advance(11);
      at(1).receive('["welcome"]', '["row","3",{"data":1}]');
      expect(at(1).sent.map(({ text }) => text)).to.include('["run","3","subscription { a }"]');
      expect(stream.values).to.deep.equal([1]);
      expect(mutation.error).to.include({ name: 'ConnectionLostError' });
      at(1).receive('{');
      expect(at(1).closes).to.deep.equal([{ at: 12, code: 4400, reason: 'Malformed frame' }]);
      stream.unsubscribe();
    }),
  );

  it(
    'replace a built-in one of the same name',
    virtually(({ record, advance }) => {
      const mine = { ...arrays, subprotocol: 'graphql-transport-ws' };
      const { socket, at } = bench({ codecs: [mine] });
      const stream = record(socket.subscribe$('subscription { a }'));
      advance(1);
      expect(at(0).sent[0]?.text).to.equal('["hello",null]');
      stream.unsubscribe();
    }),
  );

  it(
    'that can ping are told to',
    virtually(({ record, advance }) => {
      const pinging: Codec = {
        ...arrays,
        canPing: true,
        encode: (message) => (message.type === 'ping' ? '["ping"]' : arrays.encode(message)),
      };
      const { socket, at, sockets } = bench(
        { ...speaking, codecs: [pinging], pingInterval: 20, pongTimeout: 5 },
        welcome,
      );
      const stream = record(socket.subscribe$('subscription { a }'));
      advance(1);
      at(0).receive('["welcome"]');
      advance(20);
      expect(at(0).sent.at(-1)?.text).to.equal('["ping"]');
      advance(15);
      expect(sockets).to.have.length(2);
      stream.unsubscribe();
    }),
  );
});

describe('jsonReviver and jsonReplacer', () => {
  const bigints = {
    jsonReplacer: (_key: string, value: unknown) =>
      typeof value === 'bigint' ? `${String(value)}n` : value,
    jsonReviver: (_key: string, value: unknown) =>
      typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
  };

  for (const subprotocol of ['graphql-transport-ws', 'graphql-ws'])
    it(
      `let values through JSON that it does not know, on ${subprotocol}`,
      virtually(({ record, advance }) => {
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
            .sent.map(({ text }) => text)
            .join(),
        )
          .to.include('"n":"1n"')
          .and.include('"n":"2n"');
        const next = subprotocol === 'graphql-ws' ? 'data' : 'next';
        at(0).receive(`{"id":"1","type":"${next}","payload":{"data":{"n":"3n"}}}`);
        // a frame whose head is unusual
        at(0).receive(`{"payload":{"data":{"n":"4n"}},"id":"1","type":"${next}"}`);
        expect(stream.values).to.deep.equal([{ n: 3n }, { n: 4n }]);
        stream.unsubscribe();
      }),
    );

  it(
    'that throw end the operation alone',
    virtually(({ record, advance }) => {
      const picky = (_key: string, value: unknown) => {
        if (value === 'bad') throw new Error('mine');
        return value;
      };
      const { socket, at } = bench({ jsonReviver: picky, jsonReplacer: picky });
      const bad = record(
        socket.subscribe$({ query: 'subscription { a }', variables: { n: 'bad' } }),
      );
      const [a, b] = [1, 2].map(() => record(socket.subscribe$('subscription { a }')));
      advance(2);
      expect(bad.error).to.include({ name: 'ConfigurationError', option: 'variables' });
      at(0).receive(current.next('1', { data: 'bad' }), current.next('2', { data: 'good' }));
      expect(a?.error).to.include({ name: 'ProtocolError' });
      expect(b?.values).to.deep.equal(['good']);
      expect(at(0).closes).to.deep.equal([]);
      b?.unsubscribe();
    }),
  );

  it(
    'are not asked about what is dropped before it is decoded',
    virtually(({ record, advance }) => {
      let revived = 0;
      const { socket, at } = bench({
        jsonReviver: (_key, value: unknown) => ((revived += 1), value),
      });
      const stream = record(socket.payload$('subscription { a }'));
      advance(2);
      at(0).receive(current.next('1', { data: 1 }), current.next('1', { data: 2 }));
      expect([revived, stream.values.length]).to.deep.equal([0, 2]);
      stream.values[1]?.decode();
      expect(revived).to.be.greaterThan(0);
      stream.unsubscribe();
    }),
  );
});
