import { expect } from 'chai';
import { describe, it } from 'mocha';
import { NEVER, Subject, concat, finalize, of, take } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import type { ConnectionListener } from '../../lib/operation/fan-out.js';
import { fanOut } from '../../lib/operation/fan-out.js';
import type { ServerMessage } from '../../lib/protocol/codec.js';
import { connected } from '../helpers/connected.js';
import { fakeConnection } from '../helpers/fake-connection.js';
import { advance, test, timers } from '../helpers/test.js';

const lost = new ConnectionClosedError(1006, '', false);

/** A source, and listeners that write down what they hear. */
function listening(connection$ = new Subject<Connection>()) {
  const heard: unknown[][] = [];
  const source = fanOut(connection$);
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

describe('fanOut', () => {
  it('tells all of each connection, in the order of their coming', () => {
    const { connection$, source, heard, listener } = listening();
    source.add(listener('a'));
    source.add(listener('b'));
    expect(heard).to.deep.equal([]);
    connection$.next(fakeConnection());
    connection$.next(fakeConnection());
    const round = [
      ['a', 'connected'],
      ['b', 'connected'],
    ];
    expect(heard).to.deep.equal([...round, ...round]);
  });

  it('hands the connection that there is to who comes late, unless it is lost', () => {
    const { connection$, source, heard, listener } = listening();
    source.add(listener('a'));
    connection$.next(fakeConnection());
    source.add(listener('b'));
    expect(heard.at(-1)).to.deep.equal(['b', 'connected']);
    const { connection, lose } = connected();
    connection$.next(connection);
    const before = heard.length;
    lose(lost);
    source.add(listener('c'));
    expect(heard).to.have.length(before);
  });

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

  it('says whether it is connected, and tells of each change before the listeners are told', () => {
    const { connection$, source, heard, listener } = listening();
    const watch = () =>
      source.change$.pipe(take(1)).subscribe({
        next: () => heard.push(['change', source.connected]),
        error: expect.fail,
      });
    watch();
    const a = listener('a');
    source.add(a);
    expect(source.connected).to.equal(false);
    const { connection, lose } = connected();
    connection$.next(connection);
    expect(source.connected).to.equal(true);
    watch();
    lose(lost);
    expect(source.connected).to.equal(false);
    watch();
    const messages$ = new Subject<ServerMessage>();
    connection$.next(fakeConnection(messages$));
    expect(source.connected).to.equal(true);
    watch();
    messages$.complete();
    expect(heard).to.deep.equal([
      ['change', false],
      ['a', 'connected'],
      ['change', false],
      ['change', false],
      ['a', 'connected'],
      ['change', false],
    ]);
    connection$.next(fakeConnection());
    source.remove(a);
    expect(source.connected).to.equal(false);
  });

  it('subscribes for the first, and unsubscribes with the last', () => {
    const { connection$, source, listener } = listening();
    const [a, b] = [listener('a'), listener('b')];
    expect(connection$.observed).to.equal(false);
    source.add(a);
    source.add(b);
    source.remove(a);
    source.remove(a);
    expect(connection$.observed).to.equal(true);
    source.remove(b);
    expect(connection$.observed).to.equal(false);
    source.add(a);
    expect(connection$.observed).to.equal(true);
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

  it('begins anew for who comes back when it ends', () => {
    const { connection$, source, heard, listener } = listening();
    const ends: unknown[] = [];
    const again = listener('again');
    source.add(
      listener('a', {
        failed(error: unknown) {
          ends.push(error);
          source.add(again);
        },
      }),
    );
    source.add(listener('b'));
    const error = new Error('over');
    connection$.error(error);
    expect(ends).to.deep.equal([error]);
    expect(heard.slice(0, 2)).to.deep.equal([
      ['a', 'failed'],
      // the Subject of this test has failed for good
      ['again', 'failed'],
    ]);
    expect(heard.at(-1)).to.deep.equal(['b', 'failed']);
  });

  it('tells all that there will be no more', () => {
    const { connection$, source, heard, listener } = listening();
    source.add(listener('a'));
    source.add(listener('b'));
    connection$.complete();
    expect(heard).to.deep.equal([
      ['a', 'finished'],
      ['b', 'finished'],
    ]);
  });

  it('lets connections go that come at once, if nobody wants more than the first', () => {
    let left = 0;
    const source = fanOut(
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
    const source = fanOut(connection$, true);
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
