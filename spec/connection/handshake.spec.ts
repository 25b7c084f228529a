import { expect } from 'chai';
import { describe } from 'mocha';
import { map } from 'rxjs';
import { handshake, type HandshakeOptions } from '../../lib/connection/handshake.js';
import type { OpenSocket } from '../../lib/transport/socket.js';
import type { Codec, ServerMessage } from '../../lib/protocol/codec.js';
import { opened } from '../helpers/opened.js';
import {
  advance,
  cold,
  expectObservable,
  expectSubscriptions,
  flush,
  hot,
  record,
  test,
  timers,
} from '../helpers/test.js';
import { init, legacy } from '../helpers/wire.js';

const frames = {
  a: '{"type":"connection_ack","payload":{"user":1}}',
  b: '{"type":"connection_ack"}',
  r: '{"type":"ka"}',
  p: '{"type":"ping","payload":{"n":1}}',
  n: '{"type":"next","id":"1","payload":{"data":{}}}',
};

const ackPayload = map(({ ackPayload }: { ackPayload: unknown }) => ackPayload ?? 'none');
const seen = { a: { user: 1 }, b: 'none' };

describe('handshake', () => {
  test('emits the connection when the server acknowledges', () => {
    const frames$ = hot(' ----a----', frames);
    const frameSubs = '   --^------!';
    const socket$ = cold('--s', { s: opened(frames$) });
    const socketSubs = '  ^--------!';
    const result = '      ----a----';
    expectObservable(socket$.pipe(handshake(), ackPayload), socketSubs).toBe(result, seen);
    expectSubscriptions(socket$.subscriptions).toBe(socketSubs);
    expectSubscriptions(frames$.subscriptions).toBe(frameSubs);
  });

  test('emits nothing, and waits for no ack, while no socket is open', () => {
    const never$ = cold<OpenSocket>('-');
    const empty$ = cold<OpenSocket>('--|');
    expectObservable(never$.pipe(handshake()), '^----!').toBe('-');
    expectSubscriptions(never$.subscriptions).toBe('^----!');
    expectObservable(empty$.pipe(handshake())).toBe('--|');
  });

  test('passes on the error of a dial that failed, or of a socket that was lost', () => {
    const failed$ = cold<never>('--#', undefined, 'refused');
    expectObservable(failed$.pipe(handshake())).toBe('--#', undefined, 'refused');
    const frames$ = hot('      ---a----', frames);
    const frameSubs = '        -^----!';
    const lost$ = cold('       -s----#', { s: opened(frames$) }, 'lost');
    const result = '           ---a--#';
    expectObservable(lost$.pipe(handshake(), ackPayload)).toBe(result, seen, 'lost');
    expectSubscriptions(frames$.subscriptions).toBe(frameSubs);
  });

  test('errors when the frames of its socket error, and with 1006 when they end', () => {
    const broken$ = cold('s', { s: opened(hot('--#', undefined, 'broken')) });
    expectObservable(broken$.pipe(handshake())).toBe('  --#', undefined, 'broken');
    const ended = record(cold('s', { s: opened(hot('--|')) }).pipe(handshake()));
    advance(2);
    expect(ended.error).to.deep.include({ name: 'ConnectionClosedError', code: 1006 });
  });

  test('goes on with a source that has completed, until the frames end', () => {
    const socket$ = cold('(s|)', { s: opened(hot('--b--#', frames, 'lost')) });
    expectObservable(socket$.pipe(handshake(), ackPayload)).toBe('--b--#', seen, 'lost');
  });

  test('starts over with each socket that comes', () => {
    const first$ = hot(' --a------', frames);
    const firstSubs = '  ^---!';
    const second$ = hot('------b--', frames);
    const secondSubs = ' ----^---!';
    const sockets = { f: opened(first$), s: opened(second$) };
    const socket$ = cold('f---s', sockets);
    expectObservable(socket$.pipe(handshake(), ackPayload), '^-------!').toBe('--a---b', seen);
    expectSubscriptions(first$.subscriptions).toBe(firstSubs);
    expectSubscriptions(second$.subscriptions).toBe(secondSubs);
  });

  test('gives up a server that has not acknowledged within ackTimeout, not a moment earlier', () => {
    const never$ = hot(' -');
    const late$ = hot('  29ms a', frames);
    const just$ = hot('  28ms a', frames);
    const deaf = { n: opened(never$), l: opened(late$), j: opened(just$) };
    const limited = handshake({ ackTimeout: 20 });
    const stage = [limited, ackPayload] as const;
    expectObservable(cold('9ms n', deaf).pipe(...stage)).toBe('29ms #', seen, {
      name: 'HandshakeError',
    });
    expectSubscriptions(never$.subscriptions).toBe('9ms ^ 19ms !');
    expectObservable(cold('9ms l', deaf).pipe(...stage)).toBe('29ms a', seen);
    expectObservable(cold('9ms j', deaf).pipe(...stage)).toBe('28ms a', seen);
  });

  test('waits 10 s for the ack by default, for ever with false, and leaves no timer behind', () => {
    const deaf = (ackTimeout?: false) =>
      record(cold('s', { s: opened(hot('-')) }).pipe(handshake({ ackTimeout })));
    const acknowledged = record(cold('s', { s: opened(hot('-b', frames)) }).pipe(handshake()));
    const [byDefault, left, patient] = [deaf(), deaf(), deaf(false)];
    advance(9_999);
    expect(acknowledged.values).to.have.length(1);
    expect(timers()).to.equal(2);
    left.unsubscribe();
    expect([timers(), byDefault.log]).to.deep.equal([1, []]);
    advance(1);
    const message = 'no connection_ack within 10000 ms';
    expect(byDefault.error).to.include({ name: 'HandshakeError', kind: 'timeout', message });
    expect([left.log, patient.log]).to.deep.equal([[], []]);
    patient.unsubscribe();
    acknowledged.unsubscribe();
    // the socket's own end takes 1 ms
    advance(1);
    expect(timers()).to.equal(0);
  });

  test('answers pings before the ack, and tolerates what means nothing then', () => {
    const unknown = { ...frames, u: '{"type":"news"}', e: '{"type":"error","payload":"no id"}' };
    const socket = opened(hot('-p-u-e-b', unknown));
    const quiet = opened(hot(' -p-r-r-b', frames), 'graphql-ws');
    expectObservable(cold('s', { s: socket }).pipe(handshake(), ackPayload), '^--------!').toBe(
      '-------b',
      seen,
    );
    expectObservable(cold('s', { s: quiet }).pipe(handshake(), ackPayload), '^--------!').toBe(
      '-------b',
      seen,
    );
    flush();
    expect(socket.sent).to.deep.equal([
      [0, init],
      [1, { type: 'pong', payload: { n: 1 } }],
    ]);
    expect(quiet.sent).to.deep.equal([
      [0, init],
      [9, ...legacy.goodbye],
    ]);
  });
});

/** Shakes hands with a server that says this, a millisecond after it opened. */
function answered(frame: unknown, options: HandshakeOptions = {}, subprotocol?: string) {
  const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
  const socket = opened(hot('-f', { f: text }), subprotocol);
  const connection = record(cold('s', { s: socket }).pipe(handshake(options)));
  advance(1);
  const { error, values } = connection;
  connection.unsubscribe();
  // the socket's own end takes 1 ms
  advance(1);
  expect(timers()).to.equal(0);
  return { error, values, socket };
}

const failing = (decode: () => ServerMessage): Codec => ({
  subprotocol: 'graphql-transport-ws',
  canPing: false,
  encode: () => '{}',
  decode,
});

describe('a refused handshake', () => {
  const refusals: [string, unknown, string][] = [
    ['an object with a message', { message: 'no token' }, ': no token'],
    ['a bare string', 'no token', ': no token'],
    ['nothing', undefined, ''],
    ['an object without a message', { code: 1 }, ''],
    ['null', null, ''],
    ['a message that is no text', { message: 1 }, ''],
    ['its text under another name', { error: { reason: 'no token' } }, ': no token'],
    ['control characters', 'a\u001b[31mb\nc', ': a [31mb c'],
  ];
  for (const [what, payload, detail] of refusals)
    test(`is a HandshakeError when connection_error carries ${what}, in both protocols`, () => {
      for (const subprotocol of ['graphql-transport-ws', 'graphql-ws']) {
        const frame = { type: 'connection_error', payload };
        const { error, socket } = answered(frame, {}, subprotocol);
        const message = `connection rejected by the server${detail}`;
        expect(error).to.include({ name: 'HandshakeError', kind: 'rejected', message });
        expect(error).to.deep.include(payload === undefined ? {} : { payload });
        expect(socket.ended).to.deep.equal([[1000, '']]);
      }
    });

  const malformed: readonly (readonly [frame: string, reason: string])[] = [
    ['{"type":"next","id":"1","payload":{"data":{}}}', 'Malformed handshake'],
    ['{"type":"error","id":"1","payload":[]}', 'Malformed handshake'],
    ['{"type":"complete","id":"1"}', 'Malformed handshake'],
    ['{"type":"next"}', 'Malformed frame'],
    ['', 'Malformed frame'],
  ];
  for (const [frame, reason] of malformed)
    test(`is a ProtocolError with close code 4400 when ${frame || 'an empty frame'} comes before the ack`, () => {
      const { error, socket } = answered(frame);
      expect(error).to.include({ name: 'ProtocolError' });
      expect(error.message).to.include(reason.toLowerCase());
      expect(socket.ended).to.deep.equal([[4400, reason]]);
    });

  test('is a ProtocolError when the ack comes before the init', () => {
    const late = { connectionParams: () => cold('-----p', { p: {} }) };
    const { error, socket } = answered({ type: 'connection_ack' }, late);
    expect(error).to.include({ name: 'ProtocolError' });
    expect(socket.ended).to.deep.equal([[4400, 'Malformed handshake']]);
    expect(socket.sent).to.deep.equal([]);
  });

  test('is a ProtocolError when a codec of the user throws something of its own', () => {
    const codec = failing(() => {
      throw new Error('no JSON here');
    });
    const { error } = answered('x'.repeat(300), { codecs: [codec] });
    expect(error).to.include({ name: 'ProtocolError', frame: 'x'.repeat(200) });
    expect((error.cause as Error).message).to.equal('no JSON here');
  });
});

describe('the choice of a codec', () => {
  test('follows what the server selected, those of the user first', () => {
    const mine = failing(() => ({ type: 'ack', payload: 'mine' }));
    const { values } = answered('anything', { codecs: [mine] });
    expect(values).to.have.nested.property('[0].ackPayload', 'mine');
  });

  test('fails for a subprotocol that nobody speaks, before anything is sent', () => {
    const { error, socket } = answered({ type: 'connection_ack' }, {}, 'mqtt\u0007');
    expect(error).to.include({ name: 'HandshakeError', kind: 'subprotocol' });
    expect(error.message).to.equal('no common subprotocol: the server selected `mqtt `');
    expect(socket.sent).to.deep.equal([]);
  });
});
