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

const name = map(({ ackPayload }: Connection) => ackPayload ?? 'c');
const silent = { name: 'SilentDisconnectError' };

/** A connection of ours, and how many listen to its messages. */
function ours() {
  const { connection, receive } = connected();
  const counted = countListeners(connection);
  return { ...counted, receive: () => receive({ type: 'pong' }) };
}

/** A connection that somebody else made, on which each message is of another type. */
function theirs() {
  const messages$ = new Subject<ServerMessage>();
  const types: ServerMessage[] = [
    { type: 'pong' },
    { type: 'error', id: '1', errors: [] },
    { type: 'unknown', frame: '{}' },
  ];
  let count = 0;
  return {
    connection: fakeConnection(messages$),
    receive: () => messages$.next(types[(count += 1) % types.length]!),
  };
}

const watch = (keepAliveTimeout: number | false) =>
  [keepAlive({ keepAliveTimeout, pingInterval: false }), name] as const;

describe('keepAliveTimeout', () => {
  const streams: readonly (readonly [what: string, at: readonly number[], silentAt: number])[] = [
    ['nothing', [], 100],
    ['a sparse stream, each just in time', [60, 159, 258], 358],
    // the last message comes at 47 ms, and is noticed when its sample of 10 ms ends, at 50 ms
    ['a dense stream', Array.from({ length: 28 }, (_, index) => 20 + index), 150],
    ['a stream that is dense and then sparse', [5, 8, 8, 40, 70], 170],
  ];
  for (const [whose, make] of Object.entries({ 'of ours': ours, "of anybody's": theirs }))
    for (const [what, at, silentAt] of streams)
      it(
        `is at most a tenth late, and never early, after ${what} on a connection ${whose}`,
        virtually(({ record, advance, now, timers }) => {
          const { connection, receive } = make();
          const watched = record(of(connection).pipe(...watch(100)));
          for (const each of at) {
            advance(each - now());
            receive();
            // the sample, and the deadline
            expect(timers()).to.be.at.most(2);
          }
          advance(200);
          expect(watched.log.slice(1)).to.deep.equal([[silentAt, 'error', silent.name]]);
          expect(watched.error).to.include({ kind: 'silence', silentFor: 100 });
          expect(watched.error.message).to.include('100 ms');
          expect(timers()).to.equal(0);
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
    'begins anew with each connection, and leaves the messages of the one before',
    virtually(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const [a$, b$] = [hot<ServerMessage>('-'), hot<ServerMessage>('-')];
      const source$ = cold('60ms a 59ms b', { a: fakeConnection(a$), b: fakeConnection(b$) });
      const watched = '     60ms c 59ms c 99ms #';
      expectObservable(source$.pipe(...watch(100))).toBe(watched, undefined, silent);
      expectSubscriptions(a$.subscriptions).toBe('60ms ^ 59ms !');
      expectSubscriptions(b$.subscriptions).toBe('120ms ^ 99ms !');
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
