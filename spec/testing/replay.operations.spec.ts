import { expect } from 'chai';
import { describe, it } from 'mocha';
import { asyncScheduler } from 'rxjs';
import { replay } from 'rx-graphql-ws/testing';
import { run } from './marble-test.js';
import {
  ack,
  begun,
  closed,
  document,
  init,
  observe,
  opened,
  received,
  recordingOf,
  sent,
  socketOver,
  wire,
} from './recorded.js';

const { next, subscribe: ask } = wire('graphql-transport-ws');
const handshake = [opened(0), sent(0, init), received(0, ack)];
const [price, trades] = ['subscription { price }', 'subscription { trades }'];

describe('operations in a replay', () => {
  it(
    'are answered as late as they were, whenever they come',
    run((helpers) => {
      const text = recordingOf(...handshake, sent(100, ask('1')), received(130, next('1', 7)));
      const { subscribe, at, run: go } = observe(helpers, socketOver(replay(text)), 1_000);
      at(0, () => subscribe());
      at(500, () => subscribe());
      expect(go().slice(0, 1)).to.deep.equal([[30, 7]]);
    }),
  );

  it(
    'are those of the same document',
    run((helpers) => {
      const text = recordingOf(
        ...[...handshake, sent(0, ask('1', price)), sent(0, ask('2', trades))],
        ...[received(10, next('1', 'price')), received(20, next('2', 'trade'))],
      );
      const { subscribe, run: go } = observe(helpers, socketOver(replay(text)), 50);
      subscribe(trades);
      subscribe(price);
      expect(go().slice(0, 2)).to.deep.equal([
        [10, 'price'],
        [20, 'trade'],
      ]);
    }),
  );

  it(
    'are those of the same variables before those of the same document',
    run((helpers) => {
      const of = (id: string, symbol: string) => ({
        ...{ type: 'subscribe', id, payload: { query: document, variables: { symbol } } },
      });
      const text = recordingOf(
        ...[...handshake, sent(0, of('1', 'SOL')), sent(0, of('2', 'BTC'))],
        ...[received(10, next('1', 'sol')), received(20, next('2', 'btc'))],
      );
      const socket = socketOver(replay(text));
      const query = { query: document, variables: { symbol: 'BTC' } };
      helpers.expectObservable(socket.subscribe$(query), '^ 50ms !').toBe('20ms b', { b: 'btc' });
      const other = { query: document, variables: { symbol: 'ETH' } };
      helpers.expectObservable(socket.subscribe$(other), '^ 50ms !').toBe('10ms s', { s: 'sol' });
    }),
  );

  it(
    'are those of the same document, whatever the variables',
    run((helpers) => {
      const of = (id: string, query: string) => ({
        ...{ type: 'subscribe', id, payload: { query, variables: { symbol: 'SOL' } } },
      });
      const text = recordingOf(
        ...[...handshake, sent(0, of('1', price)), sent(0, of('2', trades))],
        ...[received(10, next('1', 'price')), received(20, next('2', 'trade'))],
      );
      const { subscribe, run: go } = observe(helpers, socketOver(replay(text)), 50);
      subscribe(trades);
      expect(go()[0]).to.deep.equal([20, 'trade']);
    }),
  );

  it(
    'are the same although credentials were left out of the recording',
    run((helpers) => {
      const of = (id: string, query: string) => ask(id, `${query}(token: "[redacted]") }`);
      const text = recordingOf(
        ...[...handshake, sent(0, of('1', '{ price')), sent(0, of('2', '{ trades'))],
        ...[received(10, next('1', 'price')), received(20, next('2', 'trade'))],
      );
      const { subscribe, run: go } = observe(helpers, socketOver(replay(text)), 50);
      subscribe('{ trades(token: "a-secret") }');
      expect(go()[0]).to.deep.equal([20, 'trade']);
    }),
  );

  it(
    'are the first left, if no document is the same',
    run((helpers) => {
      const text = recordingOf(
        ...[...handshake, sent(0, ask('1', price)), sent(0, ask('2', trades))],
        ...[received(10, next('1', 1)), received(20, next('2', 2))],
      );
      const { subscribe, run: go } = observe(helpers, socketOver(replay(text)), 50);
      subscribe('subscription { price __typename }');
      expect(go()[0]).to.deep.equal([10, 1]);
    }),
  );

  for (const [subprotocol, lines, count] of [
    ['graphql-transport-ws', begun(), '1 operation'],
    ['graphql-ws', handshake, '0 operations'],
  ] as const)
    it(
      `fail if they are more than were recorded, on ${subprotocol}`,
      run((helpers) => {
        const socket = socketOver(replay(recordingOf(...lines)), { subprotocols: [subprotocol] });
        const { subscribe, run: go } = observe(helpers, socket, 50);
        subscribe();
        subscribe();
        const message = `operation failed: the recording has ${count} on this connection, and this is one more`;
        expect(go()).to.deep.include([0, message]);
      }),
    );

  it(
    'get nothing more when the client has ended them',
    run((helpers) => {
      const text = recordingOf(...begun(), received(10, next('1', 1)), received(20, next('1', 2)));
      const socket = socketOver(replay(text), { linger: 100 });
      const { subscribe, at, lines, run: go } = observe(helpers, socket, 50);
      const stream = subscribe();
      at(15, () => stream.unsubscribe());
      expect(go()).to.deep.equal([[10, 1]]);
      expect(lines.join('')).not.to.contain('data\\":2');
    }),
  );

  it(
    'go on where the recorded client ended them, and end where the server did',
    run((helpers) => {
      const { stop } = wire('graphql-ws');
      const done = { type: 'complete', id: '1' };
      const text = recordingOf(
        ...[...begun('graphql-ws'), sent(5, stop('1')), received(6, done)],
        ...[sent(10, wire('graphql-ws').subscribe('1')), received(13, done)],
      );
      const { subscribe, run: go } = observe(helpers, socketOver(replay(text)), 50);
      subscribe();
      subscribe();
      expect(go()).to.deep.equal([
        [3, 'complete'],
        [50, 'complete'],
      ]);
    }),
  );

  it(
    'are under the ids of this client',
    run((helpers) => {
      const big = '{"id":"1","type":"next","payload":{"data":12345678901234567890}}';
      const text = recordingOf(
        ...[
          ...begun(),
          received(1, big),
          received(2, `{"type":"next", "id":1, "payload":{"data":1.0}}`),
        ],
        ...[received(3, '{"payload":{"data":3},"type":"next","id":"1"}')],
        ...[received(4, { type: 'complete', id: '1' })],
      );
      const socket = socketOver(replay(text), { generateId: () => 'x' });
      const { subscribe, lines, run: go } = observe(helpers, socket, 50);
      subscribe();
      go();
      const heard = lines
        .filter((line) => line.includes('"received"'))
        .map((line) => (JSON.parse(line) as { text: string }).text);
      expect(heard.slice(1)).to.deep.equal([
        '{"type":"next","id":"x","payload":{"data":12345678901234567890}}',
        '{"type":"next","id":"x","payload":{"data":1.0}}',
        '{"payload":{"data":3},"type":"next","id":"x"}',
        '{"type":"complete","id":"x"}',
      ]);
    }),
  );

  it(
    'are played to their end before the server closes, however late they come',
    run((helpers) => {
      const text = recordingOf(...begun(), received(10, next('1', 1)), closed(11, 4000, 'done'));
      const socket = socketOver(replay(text), { linger: 100, retry: false });
      const { subscribe, at, run: go } = observe(helpers, socket, 500);
      socket.connection$.subscribe({ error: () => undefined });
      at(8, () => subscribe());
      expect(go()).to.deep.equal([
        [18, 1],
        [18, 'connection closed: 4000 done'],
      ]);
    }),
  );

  it(
    'are waited for at the end, but not for long',
    run((helpers) => {
      const text = recordingOf(...begun(), received(10, next('1', 1)), closed(20, 4000));
      const socket = socketOver(replay(text), { retry: false });
      const { run: go } = observe(helpers, socket, 500);
      const lost: number[] = [];
      socket.connection$.subscribe({ error: () => lost.push(asyncScheduler.now()) });
      go();
      expect(lost).to.deep.equal([270]);
    }),
  );
});
