import { expect } from 'chai';
import { describe, it } from 'mocha';
import { BehaviorSubject, NEVER, Subject, concat, finalize, of } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import type { ConnectionListener } from '../../lib/operation/connection-source.js';
import { ConnectionSource } from '../../lib/operation/connection-source.js';
import { shareOperations } from '../../lib/operation/share.js';
import { connected } from '../helpers/connected.js';
import { countListeners } from '../helpers/count-listeners.js';
import { fakeConnection } from '../helpers/fake-connection.js';
import { advance, record, test, timers } from '../helpers/test.js';
import { complete } from '../helpers/wire.js';

const lost = new ConnectionClosedError(1006, '', false);

/** A source, and listeners that write down what they hear. */
function listening(connection$ = new Subject<Connection>()) {
  const heard: unknown[][] = [];
  const source = new ConnectionSource(connection$);
  const listener = (name: string, further: Partial<ConnectionListener> = {}) => {
    const told = (what: string, then?: (value: never) => void) => (value?: unknown) => {
      heard.push([name, what]);
      then?.(value as never);
    };
    return {
      connected: told('connected', further.connected),
      failed: told('failed', further.failed),
      finished: told('finished', further.finished),
    };
  };
  return { connection$, source, heard, listener };
}

describe('ConnectionSource', () => {
  test('tells thousands in several turns, and who comes meanwhile behind them', () => {
    const { connection$, source, heard, listener } = listening();
    for (let n = 0; n < 2_001; n += 1) source.add(listener(String(n)));
    connection$.next(fakeConnection());
    expect(heard).to.have.length(1_000);
    source.add(listener('late'));
    const gone = listener('gone');
    source.add(gone);
    source.remove(gone);
    advance(0);
    expect(heard.map(([name]) => name)).to.deep.equal([
      ...Array.from({ length: 2_001 }, (_, n) => String(n)),
      'late',
    ]);
  });

  test('tells the others nothing of a connection that was lost, or replaced, meanwhile', () => {
    const { connection$, source, heard, listener } = listening();
    for (let n = 0; n < 1_001; n += 1) source.add(listener(String(n)));
    const { connection, lose } = connected();
    connection$.next(connection);
    lose(lost);
    advance(0);
    source.add(listener('late'));
    expect(heard).to.have.length(1_000);
    connection$.next(fakeConnection());
    connection$.next(fakeConnection());
    expect(heard).to.have.length(3_000);
    advance(0);
    expect(heard.slice(3_000)).to.deep.equal([
      ['1000', 'connected'],
      ['late', 'connected'],
    ]);
  });

  for (const [end, what] of [
    ['complete', 'finished'],
    ['error', 'failed'],
  ] as const)
    test(`tells all that it is over, whether they were told of the connection or not: ${end}`, () => {
      const { connection$, source, heard, listener } = listening();
      for (let n = 0; n < 1_001; n += 1) source.add(listener(String(n)));
      connection$.next(fakeConnection());
      connection$[end]('over');
      advance(0);
      expect(heard.filter(([, told]) => told === what)).to.have.length(1_001);
      expect(heard).to.have.length(2_001);
    });

  it('does not tell who has left, nor twice who comes, while it tells', () => {
    const { connection$, source, heard, listener } = listening();
    const b = listener('b');
    const c = listener('c');
    source.add(
      listener('a', {
        connected() {
          source.remove(b);
          source.add(c);
        },
      }),
    );
    source.add(b);
    connection$.next(fakeConnection());
    expect(heard).to.deep.equal([
      ['a', 'connected'],
      ['c', 'connected'],
    ]);
  });

  it('lets connections go that come at once, if nobody wants more than the first', () => {
    let left = 0;
    const source = new ConnectionSource(
      concat(of(fakeConnection()), NEVER).pipe(
        finalize(() => {
          left += 1;
        }),
      ),
    );
    const once: ConnectionListener = {
      connected: () => source.remove(once),
      failed: () => undefined,
      finished: () => undefined,
    };
    source.add(once);
    expect(left).to.equal(1);
  });

  test('keeps a live connection for a turn, if it is told to, and a lost one for none', () => {
    const connection$ = new Subject<Connection>();
    const source = new ConnectionSource(connection$, true);
    const { listener } = listening();
    const [first, second] = [listener('a'), listener('b')];
    const { connection, leave } = connected();
    source.add(first);
    connection$.next(connection);
    source.remove(first);
    source.add(second);
    source.remove(second);
    expect([connection$.observed, timers()]).to.deep.equal([true, 1]);
    source.add(first);
    advance(0);
    expect(connection$.observed).to.equal(true);
    source.remove(first);
    advance(0);
    expect(connection$.observed).to.equal(false);
    source.add(first);
    connection$.next(connection);
    leave();
    source.remove(first);
    expect(connection$.observed).to.equal(false);
  });
});

const query = 'subscription { a }';
const many = Array.from({ length: 50 }, (_, index) => index + 1);

/** Operations on one connection, and how many listen to all of its messages. */
function sharing() {
  const peer = connected();
  const { connection, listeners } = countListeners(peer.connection);
  const connection$ = new BehaviorSubject(connection);
  const source = new ConnectionSource(connection$);
  return { ...peer, connection$, listeners, share: shareOperations(() => source) };
}

describe('the listeners to all messages of a connection', () => {
  test('are no more for operations that linger', () => {
    const { connection$, share, listeners, sent, lose } = sharing();
    for (const n of many)
      record(share({ query, variables: { n } }, {}, { linger: 1_000 })).unsubscribe();
    advance(500);
    expect([sent().length, listeners()]).to.deep.equal([many.length, 0]);
    lose(lost);
    // and yet they end with the connection
    expect(connection$.observed).to.equal(false);
  });

  test('are no more for operations that wait to be sent again', () => {
    const { share, listeners, sent, lose, receive } = sharing();
    const restart = { onServerComplete: 'restart' } as const;
    const streams = many.map((n) => record(share({ query, variables: { n } }, restart, {})));
    receive(...many.map((n) => complete(String(n))));
    expect(timers()).to.equal(many.length);
    expect([sent().length, listeners()]).to.deep.equal([many.length, 0]);
    lose(lost);
    // and yet they wait no longer than the connection lasts; its socket has timers of its own
    expect(timers()).to.be.below(many.length);
    for (const { log, unsubscribe } of streams) {
      expect(log).to.deep.equal([]);
      unsubscribe();
    }
    advance(0);
  });
});
