import { expect } from 'chai';
import { describe } from 'mocha';
import type { GraphQLSocketConfig } from 'rx-graphql-ws';
import { test } from '../helpers/test.js';
import { init } from './marble-test.js';
import { ack, begun, closed, observeReplay, opened } from './recorded.js';
import { received, sent, status, wire } from './recorded.js';

const current = 'graphql-transport-ws';
const legacy = 'graphql-ws';

/** Gives a client of these subprotocols one operation over a replay. */
function heard(
  subprotocols: readonly string[],
  lines: readonly object[],
  config: Partial<GraphQLSocketConfig> = {},
) {
  const replayed = observeReplay(lines, { subprotocols, retry: false, ...config });
  replayed.subscribe();
  const log = replayed.run(100);
  const frames = replayed
    .parsed()
    .filter(({ direction }) => direction === 'received')
    .map(({ text }) => JSON.parse(text as string) as unknown);
  return { log, frames, opened: replayed.server.peers[0]?.subprotocol };
}

const error = { message: 'no' };
const failed = (payload: unknown) => ({ type: 'error', id: '1', payload });

describe('the protocol of a replay', () => {
  const [old, today] = [wire(legacy).next('1', 7), wire(current).next('1', 7)];
  const odd = { type: 'ack', id: '1' };
  const pair = failed([error, error]);
  for (const [what, from, to, frame, expected] of [
    ['a result', legacy, current, old, today],
    ['a result', current, legacy, today, old],
    ['a heartbeat', legacy, current, { type: 'ka' }, { type: 'pong' }],
    ['a heartbeat', current, legacy, { type: 'pong' }, { type: 'ka' }],
    ['a ping', current, legacy, { type: 'ping', payload: 1 }, { type: 'ka', payload: 1 }],
    ['a ping', current, current, { type: 'ping' }, { type: 'ping' }],
    ['an error', legacy, current, failed(error), failed([error])],
    ['an error', current, legacy, failed([error]), failed(error)],
    ['two errors', current, legacy, pair, pair],
    ['an unknown message', legacy, current, odd, odd],
  ] as const)
    test(`translates ${what} from ${from} to ${to}`, () => {
      const { frames, opened } = heard([to], [...begun(from), received(5, frame)]);
      expect([frames, opened]).to.deep.equal([[ack, expected], to]);
    });

  test('leaves a frame unchanged that is no message', () => {
    const lines = [...begun(legacy), received(5, '[ 1 ]')];
    const message = 'malformed frame: no message type';
    expect(heard([current], lines).log).to.deep.equal([[5, message]]);
  });

  for (const [subprotocol, message] of [
    [current, 'connection closed: 4403 Forbidden'],
    [legacy, 'connection rejected by the server: no'],
  ] as const)
    test(`translates a refused handshake to ${subprotocol}`, () => {
      const refused = received(0, { type: 'connection_error', payload: error });
      const lines = [opened(0, legacy), sent(0, init), sent(0, { type: 'stop' }), refused];
      expect(heard([subprotocol], lines).log).to.deep.equal([[0, message]]);
    });

  test('answers the pings of this client, not those of the recorded one', () => {
    const pings = [sent(10, { type: 'ping' }), received(11, { type: 'pong' })];
    const unasked = { type: 'pong', payload: 'unasked' };
    const lines = [...begun(), ...pings, received(50, unasked)];
    const { frames } = heard([current], lines, { pingInterval: 40 });
    expect(frames).to.deep.equal([ack, { type: 'pong' }, unasked, { type: 'pong' }]);
  });

  const ka = { type: 'ka' };
  const both = [legacy, current];
  for (const [what, recorded, frame, offered, selected] of [
    ['the recorded one', legacy, {}, [current, legacy], legacy],
    ['that of the messages, if none was selected', '', ka, [current, legacy], legacy],
    ['the recorded one, not that of the messages', current, ka, both, current],
    ['that of the messages', 'else', { type: 'next', id: '2' }, both, current],
    ['the legacy one, if the recording does not tell', '', {}, [current, legacy], legacy],
    ['the offered one', legacy, {}, [current], current],
    ['none, if the client offers none', legacy, {}, [], ''],
  ] as const)
    test(`is ${what}`, () => {
      const lines = [opened(0, recorded), sent(0, init), received(0, ack), received(1, frame)];
      expect(heard(offered, lines).opened).to.equal(selected);
    });

  for (const recorded of [legacy, current])
    test(`is that of the first request, if none was selected (${recorded} was recorded)`, () => {
      const lines = [...begun(recorded), received(5, wire(recorded).next('1', 7))];
      expect(heard([], lines).log[0]).to.deep.equal([5, 7]);
    });

  test('is a third one, if it was recorded and the client offers it', () => {
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
    const { frames } = heard(['third'], lines, { codecs: [codec] });
    expect(frames).to.deep.equal([ack, { type: 'next', id: '1' }]);
  });

  test('has one acknowledgement for two `connection_init`', () => {
    const { socket, lines, run: go } = observeReplay(begun());
    socket.connection$.subscribe((connection) => connection.send({ type: 'init' }));
    go(10);
    expect(lines.filter((line) => line.includes('connection_ack'))).to.have.length(1);
  });
});

describe('a replay of a recording that began in the middle', () => {
  const joined = [
    opened(1_000, '', 4),
    received(1_005, wire(legacy).next('9', 1), 4),
    received(1_010, { type: 'ka' }, 4),
    received(1_015, wire(legacy).next('9', 2), 4),
    closed(1_020, 1012, '', 4),
  ];

  const earlier = [status(0, 'connecting'), status(500, 'connected')];
  for (const [what, subprotocol, lines] of [
    ['', current, joined],
    ['', legacy, joined],
    [', whatever the states before it', legacy, [...earlier, ...joined]],
  ] as const)
    test(`opens at once, acknowledges and answers on ${subprotocol}${what}`, () => {
      expect(heard([subprotocol], lines).log).to.deep.equal([
        [5, 1],
        [15, 2],
        [20, 'connection closed: 1012'],
      ]);
    });

  test('answers nothing that was never asked in a whole recording', () => {
    const lines = [...begun(), received(1, wire(current).next('7', 7))];
    const { frames, log } = heard([current], lines);
    expect(frames).to.deep.equal([ack, wire(current).next('7', 7)]);
    expect(log).to.deep.equal([[100, 'complete']]);
  });

  test('does not acknowledge if the server never sent anything', () => {
    const lines = [opened(0), closed(10, 1002)];
    expect(heard([current], lines).frames).to.deep.equal([]);
  });
});
