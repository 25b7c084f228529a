import { expect } from 'chai';
import { describe } from 'mocha';
import { test } from '../helpers/test.js';
import { init } from './marble-test.js';
import { begun, closed, observeReplay, opened, received, sent, status, wire } from './recorded.js';

const { next, stop } = wire('graphql-transport-ws');
const connecting = status(0, 'connecting');
const silent = 'SilentDisconnectError';
const byServer = 'ConnectionClosedError';
const heard = [...begun(), received(50, next('1', 1)), received(1_000, next('1', 2))];
const known = [connecting, ...heard];
/** The end of the first attempt, and the error that the client saw. */
const lost = (time: number, code: number, error: string, reason?: string) => [
  ...[closed(time, code, reason), status(time, 'waiting', error)],
];

describe('the end of an attempt in a replay', () => {
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
