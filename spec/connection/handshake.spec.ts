import { expect } from 'chai';
import { describe } from 'mocha';
import { map } from 'rxjs';
import { handshake } from '../../lib/connection/handshake.js';
import type { OpenSocket } from '../../lib/transport/socket.js';
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
import { current, init, legacy } from '../helpers/wire.js';

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

  test('tells only the legacy protocol that it leaves', () => {
    for (const { subprotocol, goodbye } of [current, legacy]) {
      const socket = opened(hot('-b', frames), subprotocol);
      const connection = record(cold('s', { s: socket }).pipe(handshake()));
      advance(1);
      connection.unsubscribe();
      expect(socket.sent.slice(1).map(([, message]) => message)).to.deep.equal(goodbye);
    }
  });
});
