import { expect } from 'chai';
import { describe, it } from 'mocha';
import { BehaviorSubject, of, Subject } from 'rxjs';
import { adaptConnection } from '../../lib/connection/connection.js';
import { keepAlive } from '../../lib/connection/keep-alive/keep-alive.js';
import type { ServerMessage } from '../../lib/protocol/codec.js';
import { fakeConnection } from '../helpers/fake-connection.js';
import type { VirtualTime } from '../helpers/virtually.js';
import { virtually } from '../helpers/virtually.js';

/** A connection that reads, or does not. */
function watch({ record }: VirtualTime) {
  const messages = new Subject<ServerMessage>();
  const reading$ = new BehaviorSubject(true);
  const fake = fakeConnection(messages);
  const connection = Object.defineProperty(adaptConnection(fake), 'reading$', { value: reading$ });
  const watched = record(of(connection).pipe(keepAlive({ pingInterval: 100, pongTimeout: 50 })));
  return {
    watched,
    reading$,
    pings: () => fake.sent.length,
    answer: () => messages.next({ type: 'pong' }),
  };
}

describe('pings of a connection that is paused', () => {
  it(
    'go out however often it is paused, once it reads',
    virtually((time) => {
      const { watched, reading$, pings, answer } = watch(time);
      for (let round = 0; round < 20; round += 1) {
        reading$.next(false);
        time.advance(30);
        reading$.next(true);
        answer();
        time.advance(30);
      }
      expect(pings()).to.be.within(8, 12);
      watched.unsubscribe();
      expect(time.timers()).to.equal(0);
    }),
  );

  it(
    'wait for it, and have all their time for an answer then',
    virtually((time) => {
      const { watched, reading$, pings } = watch(time);
      reading$.next(false);
      time.advance(1_000);
      expect(pings()).to.equal(0);
      reading$.next(true);
      expect(pings()).to.equal(1);
      time.advance(49);
      expect(watched.error).to.equal(undefined);
      time.advance(2);
      expect(watched.error).to.include({ name: 'SilentDisconnectError', kind: 'pong' });
    }),
  );

  it(
    'need no answer that could not be read',
    virtually((time) => {
      const { watched, reading$, pings, answer } = watch(time);
      time.advance(110);
      expect(pings()).to.equal(1);
      reading$.next(false);
      time.advance(1_000);
      expect(watched.error).to.equal(undefined);
      reading$.next(true);
      answer();
      time.advance(80);
      expect(watched.error).to.equal(undefined);
      watched.unsubscribe();
    }),
  );
});
