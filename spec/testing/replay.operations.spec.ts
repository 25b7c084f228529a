import { expect } from 'chai';
import { describe } from 'mocha';
import { asyncScheduler } from 'rxjs';
import { test } from '../helpers/test.js';
import { document, init } from './marble-test.js';
import {
  ack,
  begun,
  closed,
  observeReplay,
  opened,
  received,
  sent,
  status,
  wire,
} from './recorded.js';

const { next, subscribe: ask } = wire('graphql-transport-ws');
const handshake = [opened(0), sent(0, init), received(0, ack)];
const [price, trades] = ['subscription { price }', 'subscription { trades }'];

/** Two recorded operations: the first gets "first" after 10 ms, the second "second" after 20 ms. */
const two = (requests: readonly object[]) => [
  ...handshake,
  ...requests.map((payload, n) => sent(0, { type: 'subscribe', id: String(n + 1), payload })),
  ...[received(10, next('1', 'first')), received(20, next('2', 'second'))],
];

const of = (query: string, symbol?: string) => ({
  query,
  ...(symbol && { variables: { symbol } }),
});

const secret = (field: string, token: string) => of(`{ ${field}(token: "${token}") }`);

describe('operations of a replay', () => {
  const symbols = [of(document, 'SOL'), of(document, 'BTC')];
  const secrets = [secret('price', '[redacted]'), secret('trades', '[redacted]')];
  const ofOne = [price, trades].map((query) => of(query, 'SOL'));
  for (const [what, recorded, request, answer] of [
    ['the same document', [of(price), of(trades)], of(trades), [20, 'second']],
    ['the same variables', symbols, of(document, 'BTC'), [20, 'second']],
    ['the first document, if no variables are the same', symbols, of(document), [10, 'first']],
    ['the same document with other variables', ofOne, of(trades), [20, 'second']],
    ['the same document, but for its credentials', secrets, secret('trades', 'a'), [20, 'second']],
    ['another document, if none is the same', [of(price), of(trades)], of('{ a }'), [10, 'first']],
  ] as const)
    test(`get the results of ${what}`, () => {
      const { socket, log, run: go } = observeReplay(two(recorded));
      socket.subscribe$(request).subscribe((data) => log.push([asyncScheduler.now(), data]));
      expect(go(50)[0]).to.deep.equal(answer);
    });

  test('get their results with the recorded delays, whenever the client sends them', () => {
    const lines = [...handshake, sent(100, ask('1')), received(130, next('1', 7))];
    const { subscribe, at, run: go } = observeReplay(lines);
    at(500, () => subscribe());
    expect(go(1_000)[0]).to.deep.equal([530, 7]);
  });

  for (const [subprotocol, lines, count] of [
    ['graphql-transport-ws', begun(), '1 operation'],
    ['graphql-ws', handshake, '0 operations'],
  ] as const)
    test(`fail after the last of ${count}, on ${subprotocol}`, () => {
      const config = { subprotocols: [subprotocol] };
      const { subscribe, run: go } = observeReplay(lines, config);
      subscribe();
      subscribe();
      const message = `operation failed: the recording has ${count} on this connection, and this is one more`;
      expect(go(50)).to.deep.include([0, message]);
    });

  test('get nothing more after the client ended them', () => {
    const lines = [...begun(), received(10, next('1', 1)), received(20, next('1', 2))];
    const replayed = observeReplay(lines, { linger: 100 });
    const stream = replayed.subscribe();
    replayed.at(15, () => stream.unsubscribe());
    expect(replayed.run(50)).to.deep.equal([[10, 1]]);
    expect(replayed.lines.join('')).not.to.contain('data\\":2');
  });

  test('go on if the recorded client ended them, and end if the server did', () => {
    const { stop, subscribe: start } = wire('graphql-ws');
    const done = { type: 'complete', id: '1' };
    const lines = [
      ...[...begun('graphql-ws'), sent(5, stop('1')), received(6, done)],
      ...[sent(10, start('1')), received(13, done)],
    ];
    const { subscribe, run: go } = observeReplay(lines);
    subscribe();
    subscribe();
    expect(go(50)).to.deep.equal([
      [3, 'complete'],
      [50, 'complete'],
    ]);
  });

  test('have the ids of this client, and payloads to the letter', () => {
    const frames = [
      '{"id":"1","type":"next","payload":{"data":12345678901234567890}}',
      '{"type":"next", "id":1, "payload":{"data":1.0}}',
      '{"payload":{"data":3},"type":"next","id":"1"}',
      '{"type":"complete","id":"1"}',
    ];
    const lines = [...begun(), ...frames.map((text, n) => received(n + 1, text))];
    const replayed = observeReplay(lines, { generateId: () => 'x' });
    replayed.subscribe();
    replayed.run(50);
    const heard = replayed.parsed().filter(({ direction }) => direction === 'received');
    expect(heard.slice(1).map(({ text }) => text)).to.deep.equal([
      '{"type":"next","id":"x","payload":{"data":12345678901234567890}}',
      '{"type":"next","id":"x","payload":{"data":1.0}}',
      '{"payload":{"data":3},"type":"next","id":"x"}',
      '{"type":"complete","id":"x"}',
    ]);
  });

  test('get all results before the server closes, also late operations', () => {
    const lines = [...begun(), received(10, next('1', 1)), closed(11, 4000, 'done')];
    const { socket, subscribe, at, run: go } = observeReplay(lines, { retry: false });
    socket.connection$.subscribe({ error: () => undefined });
    at(8, () => subscribe());
    expect(go(500)).to.deep.equal([
      [18, 1],
      [18, 'connection closed: 4000 done'],
    ]);
  });

  test('delay the close of the server for 250 ms if the client never sends them', () => {
    const lines = [...begun(), received(10, next('1', 1)), closed(20, 4000)];
    const { socket, run: go } = observeReplay(lines, { retry: false });
    const lost: number[] = [];
    socket.connection$.subscribe({ error: () => lost.push(asyncScheduler.now()) });
    go(500);
    expect(lost).to.deep.equal([270]);
  });
});

const connecting = status(0, 'connecting');
const silent = 'SilentDisconnectError';
const byServer = 'ConnectionClosedError';

/** The end of the first attempt, and the error that the client saw. */
const lost = (time: number, code: number, error: string, reason?: string) => [
  ...[closed(time, code, reason), status(time, 'waiting', error)],
];

describe('the end of an attempt in a replay', () => {
  const { next, stop } = wire('graphql-transport-ws');
  const heard = [...begun(), received(50, next('1', 1)), received(1_000, next('1', 2))];
  const known = [connecting, ...heard];

  const unacknowledged = [4504, 'No connection_ack', 3_000, 'HandshakeError'] as const;
  const silence = [1006, '', 6_000, silent] as const;
  const byServerAt = (time: number, code: number, reason = '') =>
    [code, reason, time, byServer] as const;
  const stopped = [sent(1_050, stop('1')), closed(1_050, 1000)];
  const handshake = [opened(0), sent(0, init), closed(9_000, 1006)];
  const next3 = received(3_000, next('1', 3));

  for (const [what, lines, loss] of [
    ['the close', [...known, ...lost(1_100, 1013, byServer, 'x')], byServerAt(1_100, 1013, 'x')],
    ['a close without a code', [...known, ...lost(1_100, 1005, byServer)], byServerAt(1_100, 1005)],
    [
      'a drop that the client saw',
      [...known, ...lost(1_400, 1006, byServer)],
      byServerAt(1_400, 1006),
    ],
    ['silence that the client saw', [...known, ...lost(1_100, 1006, silent)], silence],
    ['silence if the client left', [...known, status(1_010, 'idle'), closed(1_011, 1000)], silence],
    [
      'silence if the user closed',
      [...known, status(1_010, 'closed'), closed(1_011, 1000)],
      silence,
    ],
    [
      'silence if the client found a fault',
      [...known, ...lost(1_100, 4400, 'ProtocolError')],
      silence,
    ],
    [
      'the close if the client went on to another subprotocol',
      [...known, closed(1_100, 1002), opened(1_200, 'graphql-ws', 2)],
      byServerAt(1_100, 1002),
    ],
    ['silence if the recording ends before', heard, silence],
    ['silence before a drop, without states', [...heard, closed(2_001, 1006)], silence],
    ['silence from the beginning, without states', handshake, unacknowledged],
    [
      'a drop after a pause that is not the longest, without states',
      [...heard, next3, closed(4_500, 1006)],
      byServerAt(4_500, 1006),
    ],
    ['a drop after a short pause', [...begun(), closed(400, 1006)], byServerAt(400, 1006)],
    ['silence after the last operation, without states', [...heard, ...stopped], silence],
    ['the close of a live operation', [...heard, closed(1_050, 1000)], byServerAt(1_050, 1000)],
    ['the close with another code', [...heard, closed(3_000, 1001)], byServerAt(3_000, 1001)],
  ] as const)
    test(`is ${what}`, () => {
      const config = { keepAliveTimeout: 5_000, ackTimeout: 3_000, retry: false as const };
      const { subscribe, parsed, run: go } = observeReplay(lines, config);
      subscribe();
      go(10_000);
      const ends = parsed();
      const place = ends.findIndex((line) => 'closed' in line);
      const { closed: code, reason, time } = ends[place] ?? {};
      expect([code, reason, time, ends[place + 1]?.error]).to.deep.equal(loss);
    });

  const pings = { pingInterval: 300, pongTimeout: 400, retry: false as const };

  test('leaves pings without an answer in a silence', () => {
    const lines = [...known, ...lost(9_000, 1006, silent)];
    const { subscribe, run: go } = observeReplay(lines, pings);
    subscribe();
    expect(go(5_000)).to.deep.equal([
      [50, 1],
      [1_000, 2],
      [1_600, 'silent disconnect: no pong received for 400 ms'],
    ]);
  });

  test('leaves pings answered if the client had left', () => {
    const lines = [...known, sent(9_000, { type: 'ping' })];
    const { server, subscribe, run: go } = observeReplay(lines, pings);
    subscribe();
    expect(go(5_000).at(-1)).to.deep.equal([5_000, 'complete']);
    expect(server.peers[0]!.sent.filter(({ type }) => type === 'ping')).to.have.length(16);
  });

  test('leaves the close frame of the client without an answer in a silence', () => {
    const lines = [...begun(), ...lost(1_000, 1006, silent)];
    const replayed = observeReplay(lines, { closeTimeout: 300 });
    const stream = replayed.subscribe();
    replayed.at(500, () => stream.unsubscribe());
    replayed.run(1_000);
    expect(replayed.parsed()).to.deep.include(closed(800, 1006));
  });
});
