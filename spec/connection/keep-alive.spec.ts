import { expect } from 'chai';
import { describe, it } from 'mocha';
import { map, of, Subject } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import { keepAlive } from '../../lib/connection/keep-alive/keep-alive.js';
import type { ServerMessage } from '../../lib/protocol/codec.js';
import { fakeConnection } from '../helpers/fake-connection.js';
import { virtually } from '../helpers/virtually.js';

const name = map(({ ackPayload }: Connection) => ackPayload);
const off = { pingInterval: false } as const;

describe('keepAlive', () => {
  it(
    'passes each connection on at once, and watches it until the next one comes',
    virtually(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const a$ = hot<ServerMessage>('-');
      const aSubs = '               ^---!';
      const b$ = hot<ServerMessage>('-');
      const bSubs = '               ----^---!';
      const connections = {
        a: fakeConnection(a$, { ackPayload: 'a' }),
        b: fakeConnection(b$, { ackPayload: 'b' }),
      };
      const source$ = cold('        a---b', connections);
      const sourceSubs = '          ^-------!';
      expectObservable(source$.pipe(keepAlive(off), name), sourceSubs).toBe('a---b');
      expectSubscriptions(source$.subscriptions).toBe(sourceSubs);
      // one for all that is watched, because a connection of anybody's may make an effort for each
      expectSubscriptions(a$.subscriptions).toBe(aSubs);
      expectSubscriptions(b$.subscriptions).toBe(bSubs);
    }),
  );

  it(
    'waits for nothing while there is no connection, and passes on the end and the error',
    virtually(({ cold, expectObservable, expectSubscriptions, flush, timers }) => {
      const never$ = cold<Connection>('-');
      expectObservable(never$.pipe(keepAlive()), '^---!').toBe('-');
      expectSubscriptions(never$.subscriptions).toBe('^---!');
      expectObservable(cold<Connection>('--|').pipe(keepAlive())).toBe('--|');
      expectObservable(cold<Connection>('--#').pipe(keepAlive())).toBe('--#', undefined, 'error');
      flush();
      expect(timers()).to.equal(0);
    }),
  );

  it(
    'lets go of the connection, and of its timers, when its source errors',
    virtually(({ cold, hot, expectObservable, expectSubscriptions, advance, timers }) => {
      const messages$ = hot<ServerMessage>('--------');
      const messagesSubs = '               ^---!';
      const connection = fakeConnection(messages$, { ackPayload: 'c' });
      const source$ = cold('               c---#', { c: connection }, 'lost');
      const watched$ = source$.pipe(keepAlive({ pingInterval: 50, keepAliveTimeout: 100 }), name);
      expectObservable(watched$).toBe('    c---#', undefined, 'lost');
      expectSubscriptions(messages$.subscriptions).toBe(messagesSubs);
      advance(4);
      expect(timers()).to.equal(0);
    }),
  );

  it('watches a connection before it hands it on: a ping may come at once', () => {
    const ping$ = new Subject<ServerMessage>();
    const connection = fakeConnection(ping$);
    const using$ = of(connection).pipe(keepAlive(off));
    const using = using$.subscribe(() => ping$.next({ type: 'ping' }));
    expect(connection.sent).to.deep.equal([{ type: 'pong' }]);
    using.unsubscribe();
    expect(ping$.observed).to.equal(false);
  });
});
