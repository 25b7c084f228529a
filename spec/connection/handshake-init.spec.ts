import { expect } from 'chai';
import { describe, it } from 'mocha';
import { EMPTY, NEVER, of, throwError, timer } from 'rxjs';
import type { HandshakeOptions } from '../../lib/connection/handshake.js';
import { handshake } from '../../lib/connection/handshake.js';
import type { OpenSocket } from '../../lib/transport/socket.js';
import type { Opened } from '../helpers/opened.js';
import { opened } from '../helpers/opened.js';
import type { Recording, VirtualTime } from '../helpers/virtually.js';
import { virtually } from '../helpers/virtually.js';
import { init } from '../helpers/wire.js';

/** Shakes hands with a server that says nothing. */
function greeted(
  { record, hot, cold, advance }: VirtualTime,
  options: HandshakeOptions,
): [Opened, Recording<unknown>] {
  const socket = opened(hot('-'));
  const connection = record(cold('s', { s: socket }).pipe(handshake(options)));
  advance(0);
  return [socket, connection];
}

describe('connection_init', () => {
  it(
    'goes out when the socket opens, without payload where there is none',
    virtually((time) => {
      const none = [undefined, () => undefined, () => of(undefined), () => null as never];
      for (const connectionParams of none) {
        const [socket, connection] = greeted(time, { connectionParams });
        expect(socket.sent).to.deep.equal([[time.now(), init]]);
        connection.unsubscribe();
      }
    }),
  );

  it(
    'has connectionParams for its payload, given as they are, by a function or by an Observable',
    virtually((time) => {
      const payload = { token: 't' };
      for (const connectionParams of [payload, () => payload, of(payload), () => of(payload)]) {
        const [socket, connection] = greeted(time, { connectionParams });
        expect(socket.sent).to.deep.equal([[time.now(), { ...init, payload }]]);
        connection.unsubscribe();
      }
    }),
  );

  it(
    'waits for params that take their time, and takes the first of several',
    virtually((time) => {
      const [socket, connection] = greeted(time, {
        connectionParams: () => time.cold('---a-b', { a: { n: 1 }, b: { n: 2 } }),
      });
      time.advance(10);
      expect(socket.sent).to.deep.equal([[3, { ...init, payload: { n: 1 } }]]);
      connection.unsubscribe();
    }),
  );

  it(
    'is asked for afresh by each socket',
    virtually((time) => {
      let asked = 0;
      const sockets = [opened(NEVER), opened(NEVER)] as const;
      const socket$ = time.cold('a-b', { a: sockets[0], b: sockets[1] });
      const connectionParams = () => ({ n: (asked += 1) });
      time.expectObservable(socket$.pipe(handshake({ connectionParams })), '^---!').toBe('-');
      time.flush();
      expect(sockets.map(({ sent }) => sent)).to.deep.equal([
        [[0, { ...init, payload: { n: 1 } }]],
        [[2, { ...init, payload: { n: 2 } }]],
      ]);
    }),
  );

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
    it(
      `is never sent when its params ${what}`,
      virtually((time) => {
        for (const connectionParams of all as HandshakeOptions['connectionParams'][]) {
          const [socket, { error }] = greeted(time, { connectionParams });
          expect(error).to.include(expected);
          expect(error.message).to.include('`connectionParams`').and.not.include('secret');
          expect(socket.sent).to.deep.equal([]);
          // the socket's own end takes 1 ms
          time.advance(1);
          expect(time.timers()).to.equal(0);
        }
      }),
    );

  it(
    'goes through jsonReplacer, whose failure is that of the params',
    virtually((time) => {
      const [socket, connection] = greeted(time, {
        connectionParams: { big: 1n },
        jsonReplacer: (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
      });
      expect(socket.sent).to.deep.equal([[0, { ...init, payload: { big: '1' } }]]);
      connection.unsubscribe();
      const [, { error }] = greeted(time, {
        jsonReplacer: () => {
          throw new Error('replacer');
        },
      });
      expect(error).to.include({ name: 'ConfigurationError' });
      expect((error.cause as Error).message).to.equal('replacer');
    }),
  );

  it(
    'is not sent on a socket that was left while its params were awaited',
    virtually((time) => {
      const params$ = time.cold('-----a', { a: {} });
      const [socket, connection] = greeted(time, { connectionParams: params$ });
      time.advance(3);
      connection.unsubscribe();
      time.advance(10);
      expect(socket.sent).to.deep.equal([]);
      time.expectSubscriptions(params$.subscriptions).toBe('^--!');
      expect(time.timers()).to.equal(0);
    }),
  );

  it(
    'is sent on a socket that somebody else made, whose functions hear of a first attempt',
    virtually((time) => {
      const sent: string[] = [];
      const asked: unknown[] = [];
      const socket: OpenSocket = {
        subprotocol: 'graphql-ws',
        frames$: time.hot('-a', { a: '{"type":"connection_ack"}' }),
        send: (frame) => sent.push(frame),
      };
      const connectionParams = (context: unknown) => {
        asked.push(context);
        return { token: 'a' };
      };
      const connection = time.record(of(socket).pipe(handshake({ connectionParams })));
      time.advance(1);
      expect(connection.values).to.have.length(1);
      connection.unsubscribe();
      expect(asked).to.deep.equal([{ attempt: 0, error: undefined }]);
      expect(sent.map((frame) => (JSON.parse(frame) as { type: string }).type)).to.deep.equal([
        'connection_init',
        'connection_terminate',
      ]);
    }),
  );

  it(
    'may be refused on a socket that somebody else made',
    virtually((time) => {
      const frames$ = time.hot('-r', { r: '{"type":"connection_error","payload":"no"}' });
      const socket: OpenSocket = { subprotocol: 'graphql-ws', frames$, send: () => undefined };
      const connection = time.record(of(socket).pipe(handshake()));
      time.advance(1);
      expect(connection.error).to.include({ name: 'HandshakeError', kind: 'rejected' });
      expect(time.timers()).to.equal(0);
    }),
  );
});
