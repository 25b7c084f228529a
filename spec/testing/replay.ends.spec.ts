import { expect } from 'chai';
import { describe, it } from 'mocha';
import { init, run } from './marble-test.js';
import { begun, closed, observeReplay, opened, received, sent, status, wire } from './recorded.js';

const { next, stop } = wire('graphql-transport-ws');
const connecting = status(0, 'connecting');
const silent = 'SilentDisconnectError';
const byServer = 'ConnectionClosedError';
const heard = [...begun(), received(50, next('1', 1)), received(1_000, next('1', 2))];
const known = [connecting, ...heard];

describe('the end of an attempt in a replay', () => {
  const silence = [1006, '', 6_000, silent];
  for (const [what, lines, loss] of [
    [
      'is the close of the server',
      [...known, closed(1_100, 1013, 'slow'), status(1_100, 'waiting', byServer)],
      [1013, 'slow', 1_100, byServer],
    ],
    [
      'is a close without a code',
      [...known, closed(1_100, 1005), status(1_100, 'waiting', byServer)],
      [1005, '', 1_100, byServer],
    ],
    [
      'is a drop, also after a silence, if the client saw a drop',
      [...known, closed(1_400, 1006), status(1_400, 'waiting', byServer)],
      [1006, '', 1_400, byServer],
    ],
    [
      'is silence if the client gave up because of it',
      [...known, closed(1_100, 1006), status(1_100, 'waiting', silent)],
      silence,
    ],
    [
      'is silence if the client left',
      [...known, status(1_010, 'idle'), closed(1_011, 1000)],
      silence,
    ],
    [
      'is silence if the user closed the socket object',
      [...known, status(1_010, 'closed'), closed(1_011, 1000)],
      silence,
    ],
    [
      'is silence if the client found a fault',
      [...known, closed(1_100, 4400), status(1_100, 'waiting', 'ProtocolError')],
      silence,
    ],
    [
      'is the close of the server if the client went on to another subprotocol',
      [...known, closed(1_100, 1002), opened(1_200, 'graphql-ws', 2)],
      [1002, '', 1_100, byServer],
    ],
    ['is silence if the recording ends before', heard, silence],
    ['without states: is silence if a drop follows it', [...heard, closed(2_001, 1006)], silence],
    [
      'without states: is silence from the beginning',
      [opened(0), sent(0, init), closed(9_000, 1006)],
      [1000, '', 3_000, 'HandshakeError'],
    ],
    [
      'without states: is a drop after a pause that is not the longest',
      [...heard, received(3_000, next('1', 3)), closed(4_500, 1006)],
      [1006, '', 4_500, byServer],
    ],
    [
      'without states: is a drop after a short pause',
      [...begun(), closed(400, 1006)],
      [1006, '', 400, byServer],
    ],
    [
      'without states: is silence if the client had ended its operations',
      [...heard, sent(1_050, stop('1')), closed(1_050, 1000)],
      silence,
    ],
    [
      'without states: is the close of the server if an operation is alive',
      [...heard, closed(1_050, 1000)],
      [1000, '', 1_050, byServer],
    ],
    [
      'without states: is the close of the server with another code',
      [...heard, closed(3_000, 1001)],
      [1001, '', 3_000, byServer],
    ],
  ] as const)
    it(
      what,
      run((helpers) => {
        const config = { keepAliveTimeout: 5_000, ackTimeout: 3_000, retry: false as const };
        const { subscribe, parsed, run: go } = observeReplay(helpers, lines, config);
        subscribe();
        go(10_000);
        const ends = parsed();
        const place = ends.findIndex((line) => 'closed' in line);
        const { closed: code, reason, time } = ends[place] ?? {};
        expect([code, reason, time, ends[place + 1]?.error]).to.deep.equal(loss);
      }),
    );

  const pings = { pingInterval: 300, pongTimeout: 400, retry: false as const };

  it(
    'leaves pings without an answer in a silence',
    run((helpers) => {
      const lines = [...known, closed(9_000, 1006), status(9_000, 'waiting', silent)];
      const { subscribe, run: go } = observeReplay(helpers, lines, pings);
      subscribe();
      expect(go(5_000)).to.deep.equal([
        [50, 1],
        [1_000, 2],
        [1_600, 'silent disconnect: no pong received for 400 ms'],
      ]);
    }),
  );

  it(
    'leaves pings answered if the client had left',
    run((helpers) => {
      const lines = [...known, sent(9_000, { type: 'ping' })];
      const { server, subscribe, run: go } = observeReplay(helpers, lines, pings);
      subscribe();
      expect(go(5_000).at(-1)).to.deep.equal([5_000, 'complete']);
      expect(server.peers[0]!.sent.filter(({ type }) => type === 'ping')).to.have.length(16);
    }),
  );

  it(
    'leaves the close frame of the client without an answer in a silence',
    run((helpers) => {
      const lines = [...begun(), closed(1_000, 1006), status(1_000, 'waiting', silent)];
      const {
        subscribe,
        at,
        parsed,
        run: go,
      } = observeReplay(helpers, lines, { closeTimeout: 300 });
      const stream = subscribe();
      at(500, () => stream.unsubscribe());
      go(1_000);
      expect(parsed()).to.deep.include(closed(800, 1006));
    }),
  );
});
