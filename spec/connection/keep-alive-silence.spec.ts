import { expect } from 'chai';
import { describe, it } from 'mocha';
import { map, of, Subject } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import { keepAlive } from '../../lib/connection/keep-alive/keep-alive.js';
import type { ServerMessage } from '../../lib/protocol/codec.js';
import { connected } from '../helpers/connected.js';
import { countListeners } from '../helpers/count-listeners.js';
import { fakeConnection } from '../helpers/fake-connection.js';
import { virtually } from '../helpers/virtually.js';

const messages: Record<string, ServerMessage> = {
  m: { type: 'pong' },
  e: { type: 'error', id: '1', errors: [] },
  u: { type: 'unknown', frame: '{}' },
};
const name = map(({ ackPayload }: Connection) => ackPayload ?? 'c');
const silent = { name: 'SilentDisconnectError' };

/** A connection of ours, and how many listen to its messages. */
function ours() {
  const { connection, receive } = connected();
  const counted = countListeners(connection);
  return { ...counted, receive: () => receive({ type: 'pong' }) };
}

/** A connection that somebody else made. */
function theirs() {
  const messages$ = new Subject<ServerMessage>();
  return {
    connection: fakeConnection(messages$),
    receive: () => messages$.next({ type: 'pong' }),
  };
}

const watch = (keepAliveTimeout: number | false) =>
  [keepAlive({ keepAliveTimeout, pingInterval: false }), name] as const;

describe('keepAliveTimeout', () => {
  it(
    'gives up a connection that never says anything, neither earlier nor later',
    virtually(({ hot, expectObservable, expectSubscriptions }) => {
      const messages$ = hot<ServerMessage>('-');
      const messagesSubs = '         ^ 99ms !';
      const watched = '              c 99ms #';
      expectObservable(of(fakeConnection(messages$)).pipe(...watch(100))).toBe(
        watched,
        undefined,
        silent,
      );
      expectSubscriptions(messages$.subscriptions).toBe(messagesSubs);
    }),
  );

  it(
    'says how long it was silent for',
    virtually(({ record, advance }) => {
      const watched = record(of(fakeConnection()).pipe(...watch(40)));
      advance(39);
      expect(watched.log).to.deep.equal([[0, 'c']]);
      advance(1);
      const expected = { ...silent, kind: 'silence', silentFor: 40 };
      expect(watched.error).to.include(expected);
      expect(watched.error.message).to.include('40 ms');
    }),
  );

  for (const [what, type] of Object.entries({ 'a pong': 'm', 'an error': 'e', anything: 'u' }))
    it(
      `is exact on a sparse stream, where ${what} counts as a sign of life`,
      virtually(({ hot, expectObservable }) => {
        const messages$ = hot(`  60ms ${type} 99ms ${type} 99ms ${type}`, messages);
        const watched = '        c            359ms                    #';
        const watched$ = of(fakeConnection(messages$)).pipe(...watch(100));
        expectObservable(watched$).toBe(watched, undefined, silent);
      }),
    );

  it(
    'keeps a connection whose messages come just in time',
    virtually(({ hot, expectObservable }) => {
      const messages$ = hot('99ms m 99ms m 99ms m 99ms m', messages);
      const watched$ = of(fakeConnection(messages$)).pipe(...watch(100));
      expectObservable(watched$, '^ 450ms !').toBe('c');
    }),
  );

  const streams: readonly (readonly [what: string, at: readonly number[], silentAt: number])[] = [
    ['nothing', [], 100],
    ['a sparse stream', [60, 159, 258], 358],
    // the last message comes at 47 ms, and is noticed when its sample of 10 ms ends, at 50 ms
    ['a dense stream', Array.from({ length: 28 }, (_, index) => 20 + index), 150],
    ['a stream that is dense and then sparse', [5, 8, 8, 40, 70], 170],
  ];
  for (const [whose, make] of Object.entries({ 'of ours': ours, "of anybody's": theirs }))
    for (const [what, at, silentAt] of streams)
      it(
        `is at most a tenth late, and never early, after ${what} on a connection ${whose}`,
        virtually(({ record, advance, now }) => {
          const { connection, receive } = make();
          const watched = record(of(connection).pipe(...watch(100)));
          for (const each of at) {
            advance(each - now());
            receive();
          }
          advance(200);
          expect(watched.log.at(-1)).to.deep.equal([silentAt, 'error', silent.name]);
        }),
      );

  it(
    'listens to no message of a connection of ours as long as they come',
    virtually(({ record, advance }) => {
      const { connection, receive, listeners } = ours();
      const watched = record(of(connection).pipe(...watch(100)));
      expect(listeners()).to.equal(1);
      receive();
      expect(listeners()).to.equal(0);
      receive();
      advance(10);
      expect(listeners()).to.equal(0);
      advance(10);
      expect(listeners()).to.equal(1);
      watched.unsubscribe();
      expect(listeners()).to.equal(0);
    }),
  );

  it(
    'sets one timer, however many messages there are',
    virtually(({ hot, record, advance, timers }) => {
      const dense = 'm'.repeat(200);
      const watched = record(of(fakeConnection(hot(dense, messages))).pipe(...watch(10_000)));
      advance(500);
      // the sample, and the deadline
      expect(timers()).to.be.at.most(2);
      watched.unsubscribe();
      expect(timers()).to.equal(0);
    }),
  );

  it(
    'is off with false, and by default as long as no heartbeat was seen',
    virtually(({ record, advance, timers }) => {
      const byDefault = keepAlive({ pingInterval: false });
      const watched = [
        record(of(fakeConnection()).pipe(byDefault)),
        record(of(fakeConnection()).pipe(...watch(false))),
      ];
      expect(timers()).to.equal(0);
      advance(3_600_000);
      for (const { log } of watched) expect(log).to.have.length(1);
      for (const { unsubscribe } of watched) unsubscribe();
    }),
  );

  it(
    'begins anew with each connection',
    virtually(({ cold, hot, expectObservable }) => {
      const [a, b] = [fakeConnection(hot('-')), fakeConnection(hot('-'))];
      const source$ = cold('60ms a 59ms b', { a, b });
      const watched = '     60ms c 59ms c 99ms #';
      expectObservable(source$.pipe(...watch(100))).toBe(watched, undefined, silent);
    }),
  );

  it(
    'is quiet about a connection that was lost already',
    virtually(({ cold, hot, expectObservable }) => {
      const source$ = cold('c 20ms #', { c: fakeConnection(hot('10ms |')) }, 'lost');
      expectObservable(source$.pipe(...watch(15))).toBe('c 20ms #', undefined, 'lost');
    }),
  );
});
