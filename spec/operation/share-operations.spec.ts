import { expect } from 'chai';
import { describe } from 'mocha';
import { NEVER, Subject } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import { fanOut } from '../../lib/operation/fan-out.js';
import type { ShareOptions } from '../../lib/operation/share.js';
import { shareOperations } from '../../lib/operation/share.js';
import type { Payload } from '../../lib/types.js';
import { fakeConnection, payload } from '../helpers/fake-connection.js';
import {
  advance,
  cold,
  expectObservable,
  expectSubscriptions,
  hot,
  test,
  timers,
} from '../helpers/test.js';

const subscription = 'subscription { a }';
const values = Object.fromEntries(
  ['a', 'b', 'c', 'd'].map((name) => [name, payload({ data: name })] as const),
);

/** A stream that is shared, on connections that come from there. */
const sharing = (connections: string, operation: string, lost = '-') => {
  const operation$ = cold<Payload>(operation, values);
  const messages$ = hot<never>(lost);
  const connection = fakeConnection(messages$, { payload$: operation$ });
  const connection$ = cold<Connection>(connections, { c: connection });
  const share = shareOperations(() => source);
  const source = fanOut(connection$);
  const shared$ = (options: ShareOptions = {}) => share<string, object>(subscription, {}, options);
  return { shared$, operation$, connection$ };
};

describe('shareOperations', () => {
  test('runs one operation from the first subscriber to 0 ms after the last', () => {
    const { shared$, operation$, connection$ } = sharing('-c', '-a-b-c-d');
    expectObservable(shared$(), ' ^-----!').toBe('--a-b-');
    expectObservable(shared$(), '---^----!').toBe('----b-c-');
    expectSubscriptions(operation$.subscriptions).toBe(' -^------!');
    expectSubscriptions(connection$.subscriptions).toBe('^-------!');
  });

  test('replays, and lingers as long as its connection lives', () => {
    const { shared$, operation$ } = sharing('c', 'a-b-c', '--------|');
    expectObservable(shared$({ replay: 2, linger: 100 }), '^--!').toBe('a-b');
    expectObservable(shared$({ replay: 2, linger: 100 }), '-----^!').toBe('-----(bc)');
    expectSubscriptions(operation$.subscriptions).toBe('^-------!');
  });

  test('lingers no longer than it was told', () => {
    const { shared$, operation$ } = sharing('c', '-');
    expectObservable(shared$({ linger: 4 }), '^-!').toBe('-');
    expectSubscriptions(operation$.subscriptions).toBe('^-----!');
  });

  test('begins anew behind an end', () => {
    const { shared$, operation$ } = sharing('c', '-a|');
    expectObservable(shared$({ replay: 1 })).toBe('-a|');
    expectObservable(shared$({ replay: 1 }), '---^').toBe('----a|');
    expectSubscriptions(operation$.subscriptions).toBe(['^-!', '---^-!']);
  });

  test('passes on what ends the connections', () => {
    const { shared$, operation$ } = sharing('c-#', '-');
    expectObservable(shared$()).toBe('--#');
    expectObservable(shared$(), '-^').toBe('--#');
    expectSubscriptions(operation$.subscriptions).toBe('^-!');
  });

  test('sends nothing for nobody on a connection that comes', () => {
    const connection$ = new Subject<Connection>();
    let runs = 0;
    const payload$ = NEVER;
    const connection: Connection = {
      ...fakeConnection(),
      execute: () => {
        runs += 1;
        return payload$;
      },
    };
    const source = fanOut(connection$);
    const share = shareOperations(() => source);
    const subscribe = () => share(subscription, {}, {}).subscribe();
    const first = subscribe();
    first.unsubscribe();
    connection$.next(connection);
    expect([runs, timers(), connection$.observed]).to.deep.equal([0, 0, false]);
    const [left, joined] = [subscribe(), subscribe()];
    left.unsubscribe();
    connection$.next(connection);
    expect(runs).to.equal(1);
    joined.unsubscribe();
    advance(0);
    expect([timers(), connection$.observed]).to.deep.equal([0, false]);
  });
});
