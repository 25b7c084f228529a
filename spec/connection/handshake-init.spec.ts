import { expect } from 'chai';
import { describe } from 'mocha';
import { EMPTY, NEVER, of, Subject, throwError, timer } from 'rxjs';
import type { HandshakeOptions } from '../../lib/connection/handshake.js';
import { handshake } from '../../lib/connection/handshake.js';
import type { OpenSocket } from '../../lib/transport/socket.js';
import type { Opened } from '../helpers/opened.js';
import { opened } from '../helpers/opened.js';
import {
  advance,
  cold,
  expectObservable,
  expectSubscriptions,
  flush,
  hot,
  now,
  record,
  test,
  timers,
} from '../helpers/test.js';
import type { Recording } from '../helpers/virtually.js';
import { init } from '../helpers/wire.js';

/** Shakes hands with a server that says nothing. */
function greeted(options: HandshakeOptions): [Opened, Recording<unknown>] {
  const socket = opened(hot('-'));
  const connection = record(cold('s', { s: socket }).pipe(handshake(options)));
  advance(0);
  return [socket, connection];
}

describe('connection_init', () => {
  test('goes out when the socket opens, without payload where there is none', () => {
    const none = [undefined, () => undefined, () => of(undefined), () => null as never];
    for (const connectionParams of none) {
      const [socket] = greeted({ connectionParams });
      expect(socket.sent).to.deep.equal([[now(), init]]);
    }
  });

  test('has connectionParams for its payload, given as they are, by a function or by an Observable', () => {
    const payload = { token: 't' };
    for (const connectionParams of [payload, () => payload, of(payload), () => of(payload)]) {
      const [socket] = greeted({ connectionParams });
      expect(socket.sent).to.deep.equal([[now(), { ...init, payload }]]);
    }
  });

  test('waits for params that take their time, and takes the first of several', () => {
    const [socket] = greeted({
      connectionParams: () => cold('---a-b', { a: { n: 1 }, b: { n: 2 } }),
    });
    advance(10);
    expect(socket.sent).to.deep.equal([[3, { ...init, payload: { n: 1 } }]]);
  });

  test('may be acknowledged while it is sent: the deadline of the ack is over then', () => {
    const ack$ = new Subject<string>();
    const ack = () => ack$.next('{"type":"connection_ack"}');
    const given = [undefined, { n: 1 }, { toJSON: () => (ack(), {}) }];
    for (const connectionParams of given) {
      const socket = { subprotocol: 'graphql-transport-ws', frames$: ack$, send: ack };
      const pending: number[] = [];
      of(socket)
        .pipe(handshake({ connectionParams }))
        .subscribe(() => pending.push(timers()));
      expect(pending).to.deep.equal([0]);
    }
  });

  test('is asked for afresh by each socket', () => {
    let asked = 0;
    const sockets = [opened(NEVER), opened(NEVER)] as const;
    const socket$ = cold('a-b', { a: sockets[0], b: sockets[1] });
    const connectionParams = () => ({ n: (asked += 1) });
    expectObservable(socket$.pipe(handshake({ connectionParams })), '^---!').toBe('-');
    flush();
    expect(sockets.map(({ sent }) => sent)).to.deep.equal([
      [[0, { ...init, payload: { n: 1 } }]],
      [[2, { ...init, payload: { n: 2 } }]],
    ]);
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const failing = throwError(() => new Error('no secret'));
  const misconfigured = { name: 'ConfigurationError', option: 'connectionParams' };
  for (const [what, expected, all] of [
    ['fail', { name: 'ConnectionError' }, [() => failing, failing]],
    ['come to nothing', { name: 'ConnectionError' }, [EMPTY, timer(0).pipe(() => EMPTY)]],
    ['are no object', misconfigured, [1n, 'secret', ['secret'], 1].map((params) => () => params)],
    ['cannot be serialised', misconfigured, [() => cycle, () => ({ secret: 1n })]],
  ] as const)
    test(`is never sent when its params ${what}`, () => {
      for (const connectionParams of all as HandshakeOptions['connectionParams'][]) {
        const [socket, { error }] = greeted({ connectionParams });
        expect(error).to.include(expected);
        expect(error.message).to.include('`connectionParams`').and.not.include('secret');
        expect(socket.sent).to.deep.equal([]);
        // the socket's own end takes 1 ms
        advance(1);
        expect(timers()).to.equal(0);
      }
    });

  test('goes through jsonReplacer, whose failure is that of the params', () => {
    const [socket] = greeted({
      connectionParams: { big: 1n },
      jsonReplacer: (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
    });
    expect(socket.sent).to.deep.equal([[0, { ...init, payload: { big: '1' } }]]);
    const [, { error }] = greeted({
      jsonReplacer: () => {
        throw new Error('replacer');
      },
    });
    expect(error).to.include({ name: 'ConfigurationError' });
    expect((error.cause as Error).message).to.equal('replacer');
  });

  test('is not sent on a socket that was left while its params were awaited', () => {
    const params$ = cold('-----a', { a: {} });
    const [socket, connection] = greeted({ connectionParams: params$ });
    advance(3);
    connection.unsubscribe();
    advance(10);
    expect(socket.sent).to.deep.equal([]);
    expectSubscriptions(params$.subscriptions).toBe('^--!');
    expect(timers()).to.equal(0);
  });

  test('is sent on a socket that somebody else made, whose functions hear of a first attempt', () => {
    const sent: string[] = [];
    const asked: unknown[] = [];
    const socket: OpenSocket = {
      subprotocol: 'graphql-ws',
      frames$: hot('-a', { a: '{"type":"connection_ack"}' }),
      send: (frame) => sent.push(frame),
    };
    const connectionParams = (context: unknown) => {
      asked.push(context);
      return { token: 'a' };
    };
    const connection = record(of(socket).pipe(handshake({ connectionParams })));
    advance(1);
    expect(connection.values).to.have.length(1);
    connection.unsubscribe();
    expect(asked).to.deep.equal([{ attempt: 0, error: undefined }]);
    expect(sent.map((frame) => (JSON.parse(frame) as { type: string }).type)).to.deep.equal([
      'connection_init',
      'connection_terminate',
    ]);
  });

  test('may be refused on a socket that somebody else made', () => {
    const frames$ = hot('-r', { r: '{"type":"connection_error","payload":"no"}' });
    const socket: OpenSocket = { subprotocol: 'graphql-ws', frames$, send: () => undefined };
    const connection = record(of(socket).pipe(handshake()));
    advance(1);
    expect(connection.error).to.include({ name: 'HandshakeError', kind: 'rejected' });
    expect(timers()).to.equal(0);
  });
});
