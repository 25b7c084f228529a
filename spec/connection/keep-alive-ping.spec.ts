import { expect } from 'chai';
import { describe, it } from 'mocha';
import { map, of, Subject } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import type { KeepAliveOptions } from '../../lib/connection/keep-alive/keep-alive.js';
import { keepAlive } from '../../lib/connection/keep-alive/keep-alive.js';
import type { ServerMessage } from '../../lib/protocol/codec.js';
import { fakeConnection } from '../helpers/fake-connection.js';
import type { VirtualTime } from '../helpers/virtually.js';
import { virtually } from '../helpers/virtually.js';

const messages: Record<string, ServerMessage> = {
  o: { type: 'pong' },
  n: { type: 'complete', id: '1' },
  u: { type: 'unknown', frame: '{}' },
};
const name = map(({ ackPayload }: Connection) => ackPayload ?? 'c');
const silent = { name: 'SilentDisconnectError' };
const ping = { type: 'ping' };

/** Watches a connection whose messages are these. */
function watch({ hot, record }: VirtualTime, marbles: string, options?: KeepAliveOptions) {
  const connection = fakeConnection(hot(marbles, messages));
  const watched = record(of(connection).pipe(keepAlive(options), name));
  return { connection, ...watched, error: () => watched.error };
}

describe('pingInterval', () => {
  it(
    'pings every 25 s by default, without payload',
    virtually((time) => {
      const { connection, unsubscribe } = watch(time, '25s o 24999ms o');
      time.advance(24_999);
      expect(connection.sent).to.deep.equal([]);
      time.advance(1);
      expect(connection.sent).to.deep.equal([ping]);
      time.advance(25_000);
      expect(connection.sent).to.deep.equal([ping, ping]);
      unsubscribe();
      expect(time.timers()).to.equal(0);
    }),
  );

  it(
    'sends nothing with false, nor to a legacy server',
    virtually((time) => {
      const current = fakeConnection();
      const legacy = fakeConnection(undefined, { subprotocol: 'graphql-ws' });
      const watched = [
        time.record(of(current).pipe(keepAlive({ pingInterval: false }))),
        time.record(of(legacy).pipe(keepAlive())),
        time.record(of(legacy).pipe(keepAlive({ pingInterval: 10 }))),
      ];
      expect(time.timers()).to.equal(0);
      time.advance(100_000);
      expect([...current.sent, ...legacy.sent]).to.deep.equal([]);
      for (const { unsubscribe } of watched) unsubscribe();
    }),
  );
});

describe('pongTimeout', () => {
  it(
    'gives up a connection that has not answered within 10 s by default',
    virtually((time) => {
      const watched = watch(time, '-');
      time.advance(34_999);
      expect(watched.log).to.have.length(1);
      time.advance(1);
      expect(watched.log[1]).to.deep.equal([35_000, 'error', silent.name]);
      expect(watched.error()).to.include({ kind: 'pong', silentFor: 10_000 });
      expect(watched.error().message).to.include('10000 ms');
      expect(watched.connection.sent).to.deep.equal([ping]);
      expect(time.timers()).to.equal(0);
    }),
  );

  const limits = { pingInterval: 20, pongTimeout: 5 };
  const given = (marbles: string, watched: string, options: KeepAliveOptions = limits) =>
    virtually(({ hot, expectObservable }) => {
      const messages$ = hot(marbles, messages);
      const watched$ = of(fakeConnection(messages$)).pipe(keepAlive(options), name);
      expectObservable(watched$, '^ 99ms !').toBe(watched, undefined, silent);
    });

  it('takes the pong for an answer', given('21ms o 19ms o 19ms o 19ms o', 'c'));
  it('takes a pong at the last moment', given('24ms o 19ms o 19ms o 19ms o', 'c'));
  it('takes any later frame for an answer', given('22ms n 19ms u 19ms n 19ms u', 'c'));
  it('takes no pong from before the ping', given('19ms o', 'c 24ms #'));
  it('takes no pong twice', given('21ms o', 'c 44ms #'));
  it('says nothing of silence between pings', given('21ms o 20ms o 19ms o 19ms o', 'c'));
  it('waits for ever with false', given('-', 'c', { pingInterval: 20, pongTimeout: false }));

  it(
    'waits for one pong at a time when it is longer than the interval',
    virtually((time) => {
      const options = { pingInterval: 10, pongTimeout: 25 };
      const { connection, log } = watch(time, '33ms o', options);
      time.advance(30);
      expect(connection.sent).to.have.length(1);
      time.advance(34);
      expect(connection.sent).to.have.length(2);
      expect(log).to.deep.equal([[0, 'c']]);
      time.advance(1);
      expect(log.at(-1)).to.deep.equal([65, 'error', silent.name]);
    }),
  );

  it(
    'takes an answer that comes while it is asked',
    virtually(({ record, advance }) => {
      const messages$ = new Subject<ServerMessage>();
      const connection = fakeConnection(messages$);
      const quick = { ...connection, send: () => messages$.next({ type: 'pong' }) };
      const watched = record(of(quick).pipe(keepAlive(limits), name));
      advance(1_000);
      expect(watched.log).to.deep.equal([[0, 'c']]);
      watched.unsubscribe();
    }),
  );
});
