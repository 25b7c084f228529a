import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunHelpers } from 'rxjs/testing';
import { replay } from 'rx-graphql-ws/testing';
import { run } from './marble-test.js';
import {
  begun,
  closed,
  init,
  observe,
  opened,
  received,
  recordingOf,
  sent,
  socketOver,
  status,
  wire,
} from './recorded.js';

const { next, stop } = wire('graphql-transport-ws');
const connecting = status(0, 'connecting');
const silent = 'SilentDisconnectError';

/** How a client with a `keepAliveTimeout` of 5 s loses the connection, and when. */
function lossOf(helpers: RunHelpers, ...lines: readonly object[]) {
  const server = replay(recordingOf(...lines));
  const socket = socketOver(server, { keepAliveTimeout: 5_000, ackTimeout: 3_000, retry: false });
  const { subscribe, lines: recorded, run: go } = observe(helpers, socket, 10_000);
  subscribe();
  go();
  const end = recorded.map((line) => JSON.parse(line) as Record<string, unknown>);
  const place = end.findIndex((line) => 'closed' in line);
  return [end[place]?.closed, end[place]?.reason, end[place]?.time, end[place + 1]?.error];
}

describe('the end of an attempt in a replay', () => {
  const heard = [...begun(), received(50, next('1', 1)), received(1_000, next('1', 2))];

  for (const [what, lines, loss] of [
    [
      'is the close of the server',
      [
        connecting,
        ...heard,
        closed(1_100, 1013, 'slow'),
        status(1_100, 'waiting', 'ConnectionClosedError'),
      ],
      [1013, 'slow', 1_100, 'ConnectionClosedError'],
    ],
    [
      'is a close without a code',
      [
        connecting,
        ...heard,
        closed(1_100, 1005),
        status(1_100, 'waiting', 'ConnectionClosedError'),
      ],
      [1005, '', 1_100, 'ConnectionClosedError'],
    ],
    [
      'is a drop, even after a silence, if the client had it so',
      [
        connecting,
        ...heard,
        closed(1_400, 1006),
        status(1_400, 'waiting', 'ConnectionClosedError'),
      ],
      [1006, '', 1_400, 'ConnectionClosedError'],
    ],
    [
      'is silence where the client gave up for it',
      [connecting, ...heard, closed(1_100, 1006), status(1_100, 'waiting', silent)],
      [1006, '', 6_000, silent],
    ],
    [
      'is left to the client where it left',
      [connecting, ...heard, status(1_010, 'idle'), closed(1_011, 1000)],
      [1006, '', 6_000, silent],
    ],
    [
      'is left to the client where it closed the socket object',
      [connecting, ...heard, status(1_010, 'closed'), closed(1_011, 1000)],
      [1006, '', 6_000, silent],
    ],
    [
      'is left to the client where it found a fault',
      [connecting, ...heard, closed(1_100, 4400), status(1_100, 'waiting', 'ProtocolError')],
      [1006, '', 6_000, silent],
    ],
    [
      'is the close of the server where the client went on to another subprotocol',
      [connecting, ...heard, closed(1_100, 1002), opened(1_200, 'graphql-ws', 2)],
      [1002, '', 1_100, 'ConnectionClosedError'],
    ],
    ['is left to the client where the recording ends', heard, [1006, '', 6_000, silent]],
    [
      'is guessed without states: silence before a drop',
      [...heard, closed(2_001, 1006)],
      [1006, '', 6_000, silent],
    ],
    [
      'is guessed without states: silence from the beginning',
      [opened(0), sent(0, init), closed(9_000, 1006)],
      [1000, '', 3_000, 'HandshakeError'],
    ],
    [
      'is guessed without states: a silence like others is none',
      [...heard, received(3_000, next('1', 3)), closed(4_500, 1006)],
      [1006, '', 4_500, 'ConnectionClosedError'],
    ],
    [
      'is guessed without states: a short silence is none',
      [...begun(), closed(400, 1006)],
      [1006, '', 400, 'ConnectionClosedError'],
    ],
    [
      'is guessed without states: the goodbye of a client that ended its operations',
      [...heard, sent(1_050, stop('1')), closed(1_050, 1000)],
      [1006, '', 6_000, silent],
    ],
    [
      'is guessed without states: the goodbye of a server with operations alive',
      [...heard, closed(1_050, 1000)],
      [1000, '', 1_050, 'ConnectionClosedError'],
    ],
    [
      'is guessed without states: another code is of the server',
      [...heard, closed(3_000, 1001)],
      [1001, '', 3_000, 'ConnectionClosedError'],
    ],
  ] as const)
    it(
      what,
      run((helpers) => {
        expect(lossOf(helpers, ...lines)).to.deep.equal(loss);
      }),
    );

  const pings = { pingInterval: 300, pongTimeout: 400, retry: false } as const;
  const outcome = (helpers: RunHelpers, ...lines: readonly object[]) => {
    const server = replay(recordingOf(...lines));
    const { subscribe, run: go } = observe(helpers, socketOver(server, pings), 5_000);
    subscribe();
    return { log: go(), peer: server.peers[0]! };
  };

  it(
    'has pings unanswered in a silence',
    run((helpers) => {
      const end = [closed(9_000, 1006), status(9_000, 'waiting', silent)];
      const { log } = outcome(helpers, connecting, ...heard, ...end);
      expect(log).to.deep.equal([
        [50, 1],
        [1_000, 2],
        [1_600, 'silent disconnect: no pong received for 400 ms'],
      ]);
    }),
  );

  it(
    'has pings answered, each with its payload, where the client left',
    run((helpers) => {
      const { log, peer } = outcome(helpers, connecting, ...heard, sent(9_000, { type: 'ping' }));
      expect(log.at(-1)).to.deep.equal([5_000, 'complete']);
      expect(peer.sent.filter(({ type }) => type === 'ping')).to.have.length(16);
    }),
  );

  it(
    'leaves a goodbye in a silence unanswered',
    run((helpers) => {
      const lines = [...begun(), closed(1_000, 1006), status(1_000, 'waiting', silent)];
      const socket = socketOver(replay(recordingOf(...lines)), { closeTimeout: 300 });
      const { subscribe, at, lines: recorded, run: go } = observe(helpers, socket, 1_000);
      const stream = subscribe();
      at(500, () => stream.unsubscribe());
      go();
      expect(recorded.join('')).to.contain('{"time":800,"attempt":1,"closed":1006,"reason":""}');
    }),
  );
});
