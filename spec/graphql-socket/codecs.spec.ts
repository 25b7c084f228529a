import { expect } from 'chai';
import { describe } from 'mocha';
import type { Codec, ServerMessage } from '../../lib/protocol/codec.js';
import type { ExecutionResult } from '../../lib/types.js';
import { bench, subscribed } from '../helpers/bench.js';
import { accepts } from '../helpers/scripted.js';
import { advance, record, test } from '../helpers/test.js';
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
  test('may tolerate what is no JSON', () => {
    const tolerant: Codec = {
      ...arrays,
      decode: (frame) =>
        frame.startsWith('[') ? arrays.decode(frame) : { type: 'unknown', frame },
    };
    const config = { codecs: [tolerant], subprotocols: ['arrays'] };
    const { socket, at } = bench(config, accepts('arrays'));
    const stream = record(socket.subscribe$('subscription { a }'));
    advance(1);
    at(0).send('["welcome","you"]');
    at(0).send('what?', 'what?', 'what?', '["row","1",{"data":1}]');
    expect(stream.values).to.deep.equal([1]);
  });

  const speaking = { codecs: [arrays], subprotocols: ['arrays', 'graphql-ws'] };
  const welcome = accepts('arrays');

  test('bring a third dialect, from its greeting to its goodbye', () => {
    const { socket, at } = bench({ ...speaking, connectionParams: { me: 1 } }, welcome);
    const [stream, failed, left] = ['a', 'b', 'c'].map((name) =>
      record(socket.subscribe$(`subscription { ${name} }`)),
    );
    const events = record(socket.events$);
    advance(1);
    at(0).send('["welcome","you"]');
    at(0).send('["row","1",{"data":1}]', '["no","2","nope"]', '["news"]');
    left?.unsubscribe();
    at(0).send('["end","1"]');
    advance(0);
    expect(stream?.log).to.deep.equal([
      [1, 1],
      [1, 'complete'],
    ]);
    expect(failed?.error).to.deep.include({ errors: [{ message: 'nope' }] });
    expect(at(0).frames.map(({ text }) => text)).to.deep.equal([
      '["hello",{"me":1}]',
      ...['a', 'b', 'c'].map((name, n) => `["run","${String(n + 1)}","subscription { ${name} }"]`),
      '["stop","3"]',
      '["bye"]',
    ]);
    expect(JSON.stringify(events.values)).to.include(
      '["hello","[redacted]"]'.replaceAll('"', '\\"'),
    );
    expect(events.values.map(({ type }) => type)).to.include('unhandled');
    expect(record(socket.status$).values[0]).to.include({ state: 'idle' });
  });

  test('have what the built-in two have: reconnects, ids, mutations that are not sent twice', () => {
    const { socket, at } = bench(speaking, welcome);
    const [stream, mutation] = [
      record(socket.subscribe$('subscription { a }')),
      record(socket.mutate$('mutation { a }')),
    ];
    advance(1);
    at(0).send('["welcome"]');
    at(0).close(1006);
    advance(11);
    at(1).send('["welcome"]', '["row","3",{"data":1}]');
    expect(at(1).frames.map(({ text }) => text)).to.include('["run","3","subscription { a }"]');
    expect(stream.values).to.deep.equal([1]);
    expect(mutation.error).to.include({ name: 'ConnectionLostError' });
    at(1).send('{');
    expect(at(1).closes).to.deep.equal([{ at: 12, code: 4400, reason: 'Malformed frame' }]);
  });

  test('may read the init payload: what cannot be encoded without it is not shown at all', () => {
    const reading: Codec = {
      ...arrays,
      encode(message) {
        if (message.type !== 'init') return arrays.encode(message);
        const { token } = message.payload as { token: string };
        return `["hello","${token.toUpperCase()}"]`;
      },
    };
    const params = { connectionParams: { token: 'secret' } };
    const { socket, at } = bench({ ...speaking, ...params, codecs: [reading] }, welcome);
    const events = record(socket.events$);
    record(socket.subscribe$('subscription { a }'));
    advance(1);
    expect(at(0).frames[0]?.text).to.equal('["hello","SECRET"]');
    const message = { type: 'init', payload: '[redacted]' };
    expect(events.values[1]).to.deep.include({ type: 'sent', message, text: '[redacted]' });
  });

  test('replace a built-in one of the same name', () => {
    const mine = { ...arrays, subprotocol: 'graphql-transport-ws' };
    const { at } = subscribed(bench({ codecs: [mine] }));
    advance(1);
    expect(at(0).frames[0]?.text).to.equal('["hello",null]');
  });

  test('may have no message for the init: the server acknowledges by itself', () => {
    const mute: Codec = {
      ...arrays,
      encode: (message) => (message.type === 'init' ? '' : arrays.encode(message)),
    };
    const { at, stream } = subscribed(bench({ ...speaking, codecs: [mute] }, welcome));
    advance(1);
    at(0).send('["welcome"]');
    at(0).send('["row","1",{"data":1}]');
    expect(stream.values).to.deep.equal([1]);
  });

  test('that can ping are told to', () => {
    const pinging: Codec = {
      ...arrays,
      canPing: true,
      encode: (message) => (message.type === 'ping' ? '["ping"]' : arrays.encode(message)),
    };
    const { at, peers } = subscribed(
      bench({ ...speaking, codecs: [pinging], pingInterval: 20, pongTimeout: 5 }, welcome),
    );
    advance(1);
    at(0).send('["welcome"]');
    advance(20);
    expect(at(0).frames.at(-1)?.text).to.equal('["ping"]');
    advance(15);
    expect(peers).to.have.length(2);
  });

  test('may write what JSON cannot', () => {
    const writing: Codec = {
      ...arrays,
      encode: (message) =>
        message.type === 'subscribe'
          ? `["run","${message.id}","${String(message.payload.variables.n)}"]`
          : arrays.encode(message),
    };
    const { socket, at } = bench({ ...speaking, codecs: [writing] }, welcome);
    record(socket.subscribe$({ query: 'subscription { a }', variables: { n: 1n } }));
    advance(1);
    at(0).send('["welcome"]');
    expect(at(0).frames.at(-1)?.text).to.equal('["run","1","1"]');
  });

  for (const [shown, codecs] of [
    ['arrays', [arrays]],
    ['…', []],
  ] as const)
    test(`are shown on events$ by name; a name without a codec may be a credential: ${shown}`, () => {
      const { socket } = bench({ ...speaking, codecs, retry: false }, welcome);
      const events = record(socket.events$);
      record(socket.subscribe$('subscription { a }'));
      advance(1);
      expect(events.values[0]).to.include({ type: 'opened', subprotocol: shown });
    });
});

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
