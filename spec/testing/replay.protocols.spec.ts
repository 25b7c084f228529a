import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunHelpers } from 'rxjs/testing';
import type { GraphQLSocketConfig } from 'rx-graphql-ws';
import { replay } from 'rx-graphql-ws/testing';
import { run } from './marble-test.js';
import {
  ack,
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

const current = 'graphql-transport-ws';
const legacy = 'graphql-ws';

/** What a client of a subprotocol hears of a recording, and how its operation ends. */
function heard(
  helpers: RunHelpers,
  subprotocols: readonly string[],
  lines: readonly object[],
  config: Partial<GraphQLSocketConfig> = {},
) {
  const server = replay(recordingOf(...lines));
  const socket = socketOver(server, { subprotocols, retry: false, ...config });
  const observed = observe(helpers, socket, 100);
  observed.subscribe();
  const log = observed.run();
  const frames = observed.lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ direction }) => direction === 'received')
    .map(({ text }) => JSON.parse(text as string) as unknown);
  return { log, frames, opened: server.peers[0]?.subprotocol };
}

const error = { message: 'no' };

describe('protocols of a replay', () => {
  const told: readonly [string, string, string, object, object][] = [
    ['a result', legacy, current, wire(legacy).next('1', 7), wire(current).next('1', 7)],
    ['a result', current, legacy, wire(current).next('1', 7), wire(legacy).next('1', 7)],
    ['a heartbeat', legacy, current, { type: 'ka' }, { type: 'pong' }],
    ['a heartbeat', current, legacy, { type: 'pong' }, { type: 'ka' }],
    [
      'a ping',
      current,
      legacy,
      { type: 'ping', payload: { n: 1 } },
      { type: 'ka', payload: { n: 1 } },
    ],
    ['a ping', current, current, { type: 'ping' }, { type: 'ping' }],
    [
      'an error',
      legacy,
      current,
      { type: 'error', id: '1', payload: error },
      { type: 'error', id: '1', payload: [error] },
    ],
    [
      'an error',
      current,
      legacy,
      { type: 'error', id: '1', payload: [error] },
      { type: 'error', id: '1', payload: error },
    ],
    [
      'errors',
      current,
      legacy,
      { type: 'error', id: '1', payload: [error, error] },
      { type: 'error', id: '1', payload: [error, error] },
    ],
    [
      'the end of an operation',
      legacy,
      current,
      { type: 'complete', id: '1' },
      { type: 'complete', id: '1' },
    ],
    [
      'what is of neither',
      legacy,
      current,
      { type: 'start_ack', id: '1' },
      { type: 'start_ack', id: '1' },
    ],
  ];
  for (const [what, from, to, frame, expected] of told)
    it(
      `tell ${what} of ${from} on ${to}`,
      run((helpers) => {
        const { frames, opened } = heard(helpers, [to], [...begun(from), received(5, frame)]);
        expect(frames).to.deep.equal([ack, expected]);
        expect(opened).to.equal(to);
      }),
    );

  it(
    'tell what is no message as it is',
    run((helpers) => {
      const lines = [...begun(legacy), received(5, '[ 1 ]')];
      const [end] = heard(helpers, [current], lines).log;
      expect(end).to.deep.equal([5, 'malformed frame: no message type']);
    }),
  );

  for (const [subprotocol, message] of [
    [current, 'connection closed: 4403 Forbidden'],
    [legacy, 'connection rejected by the server: no'],
  ] as const)
    it(
      `tell a refused handshake on ${subprotocol}`,
      run((helpers) => {
        const refused = received(0, { type: 'connection_error', payload: { message: 'no' } });
        const lines = [opened(0, legacy), sent(0, init), sent(0, { type: 'stop' }), refused];
        expect(heard(helpers, [subprotocol], lines).log).to.deep.equal([[0, message]]);
      }),
    );

  it(
    'leave out the answers to pings of the recorded client',
    run((helpers) => {
      const pings = [10, 20].flatMap((ms) => [
        sent(ms, { type: 'ping' }),
        received(ms + 1, { type: 'pong' }),
      ]);
      const heartbeat = received(50, { type: 'pong', payload: 'unasked' });
      const { frames } = heard(helpers, [current], [...begun(), ...pings, heartbeat], {
        pingInterval: 40,
      });
      expect(frames).to.deep.equal([
        ...[ack, { type: 'pong' }],
        ...[{ type: 'pong', payload: 'unasked' }, { type: 'pong' }],
      ]);
    }),
  );

  for (const [what, recorded, frame, offered, selected] of [
    ['what was recorded', legacy, {}, [current, legacy], legacy],
    ['what was spoken, whatever was selected', '', { type: 'ka' }, [current, legacy], legacy],
    [
      'what was recorded, if it was not what was spoken',
      current,
      { type: 'ka' },
      [legacy, current],
      current,
    ],
    ['what was spoken', 'else', { type: 'next', id: '2' }, [legacy, current], current],
    ['the legacy one where nothing tells', '', {}, [current, legacy], legacy],
    ['what is offered', legacy, {}, [current], current],
    ['none where none is offered', legacy, {}, [], ''],
  ] as const)
    it(
      `select ${what}`,
      run((helpers) => {
        const lines = [opened(0, recorded), sent(0, init), received(0, ack), received(1, frame)];
        expect(heard(helpers, offered, lines).opened).to.equal(selected);
      }),
    );

  for (const recorded of [legacy, current])
    it(
      `show in what is asked for, where nothing is negotiated (${recorded} was recorded)`,
      run((helpers) => {
        // with nothing requested graphqlSocket speaks the current one
        const lines = [...begun(recorded), received(5, wire(recorded).next('1', 7))];
        expect(heard(helpers, [], lines).log[0]).to.deep.equal([5, 7]);
      }),
    );

  it(
    'are kept where a third one was recorded, and is offered',
    run((helpers) => {
      const codec = {
        subprotocol: 'third',
        canPing: false,
        encode: (message: object) => JSON.stringify(message).replace('"init"', '"connection_init"'),
        decode: (text: string) => ({
          type: text.includes('ack') ? ('ack' as const) : ('pong' as const),
        }),
      };
      const lines = [
        ...[opened(0, 'third'), sent(0, init), received(0, ack)],
        ...[sent(0, wire(current).subscribe('1')), received(1, '{"type":"next",  "id":"1"}')],
      ];
      const { frames } = heard(helpers, ['third'], lines, { codecs: [codec] });
      expect(frames).to.deep.equal([ack, { type: 'next', id: '1' }]);
    }),
  );

  it(
    'greet once',
    run((helpers) => {
      const socket = socketOver(replay(recordingOf(...begun())));
      const { lines, run: go } = observe(helpers, socket, 10);
      socket.connection$.subscribe((connection) => {
        connection.send({ type: 'init' });
      });
      go();
      expect(lines.filter((line) => line.includes('connection_ack'))).to.have.length(1);
    }),
  );

  describe('of a recording that began in the middle', () => {
    const joined = [
      opened(1_000, '', 4),
      received(1_005, wire(legacy).next('9', 1), 4),
      received(1_010, { type: 'ka' }, 4),
      received(1_015, wire(legacy).next('9', 2), 4),
      closed(1_020, 1012, '', 4),
    ];

    for (const subprotocol of [current, legacy])
      it(
        `acknowledge, and answer what was asked for before, on ${subprotocol}`,
        run((helpers) => {
          const { log } = heard(helpers, [subprotocol], joined);
          expect(log).to.deep.equal([
            [5, 1],
            [15, 2],
            [20, 'connection closed: 1012'],
          ]);
        }),
      );

    it(
      'open at once, whenever it was dialled',
      run((helpers) => {
        const lines = [status(0, 'connecting'), status(500, 'connected'), ...joined];
        expect(heard(helpers, [legacy], lines).log[0]).to.deep.equal([5, 1]);
      }),
    );

    it(
      'answer nothing that was never asked',
      run((helpers) => {
        const lines = [...begun(), received(1, wire(current).next('7', 7))];
        const { frames, log } = heard(helpers, [current], lines);
        expect(frames).to.deep.equal([ack, wire(current).next('7', 7)]);
        expect(log).to.deep.equal([[100, 'complete']]);
      }),
    );

    it(
      'do not acknowledge what was never acknowledged',
      run((helpers) => {
        const lines = [opened(0), closed(10, 1002)];
        expect(heard(helpers, [current], lines).frames).to.deep.equal([]);
      }),
    );
  });
});
