import { expect } from 'chai';
import { describe } from 'mocha';
import type { ObservableInput } from 'rxjs';
import { EMPTY, map, of, Subject, throwError, timer } from 'rxjs';
import type { Gap } from 'rx-graphql-ws/recovery';
import { isGap, recover, scanSnapshot } from 'rx-graphql-ws/recovery';
import { createGap } from '../../lib/recovery/gap.js';
import {
  advance,
  cold,
  expectObservable,
  expectSubscriptions,
  record,
  test,
  timers,
} from '../helpers/test.js';
import { document, rowSocket } from './bench.js';
import type { Row } from './rows.js';

type Snapshot = (gap: Gap | undefined, call: number) => ObservableInput<string>;

/** Letters are rows, `g` is a gap. The state is a text. */
function scanned(marbles: string, snapshot: Snapshot) {
  let calls = 0;
  const source = cold<string | Gap>(marbles, { a: 'a', b: 'b', c: 'c', g: createGap(0, 0) });
  const state$ = source.pipe(
    scanSnapshot(
      (gap) => snapshot(gap, (calls += 1)),
      (state: string, row) => state + row,
    ),
  );
  return { source, state$ };
}
const after = (ms: number, text = 'S') => timer(ms).pipe(map(() => text));

describe('scanSnapshot', () => {
  test('applies the rows that came while the snapshot was taken, then each row', () => {
    const { state$, source } = scanned('-a-b------c|', () => after(5));
    const expected = '                   -----s----t|';
    expectObservable(state$).toBe(expected, { s: 'Sab', t: 'Sabc' });
    expectSubscriptions(source.subscriptions).toBe('^----------!');
  });

  test('subscribes to the source before it takes the snapshot', () => {
    const order: string[] = [];
    const source = new Subject<string | Gap>();
    record(
      source.pipe(
        scanSnapshot(
          () => {
            order.push(source.observed ? 'subscribed' : 'not yet');
            return of('S');
          },
          (state: string) => state,
        ),
      ),
    );
    expect(order).to.deep.equal(['subscribed']);
  });

  test('takes another snapshot at a gap, and keeps the state until it is there', () => {
    const { state$ } = scanned('-a-g-b-----c|', (gap, call) => after(gap ? 5 : 0, `S${call}`));
    const expected = '          st------u--v|';
    expectObservable(state$).toBe(expected, { s: 'S1', t: 'S1a', u: 'S2b', v: 'S2bc' });
  });

  test('is told of the gap, and of none at the start', () => {
    const gaps: unknown[] = [];
    const { state$ } = scanned('-g|', (gap) => {
      gaps.push(gap);
      return of('S');
    });
    record(state$);
    advance(10);
    expect(gaps.map(isGap)).to.deep.equal([false, true]);
    expect(gaps[0]).to.equal(undefined);
  });

  test('lets go of a snapshot that a gap has overtaken', () => {
    const { state$ } = scanned('-a-g-b-----|', (_, call) => after(call === 1 ? 4 : 5, `S${call}`));
    const expected = '          --------s--|';
    expectObservable(state$).toBe(expected, { s: 'S2b' });
  });

  test('takes the first value of the snapshot alone', () => {
    const { state$ } = scanned('--a|', () => of('S', 'T'));
    expectObservable(state$).toBe('s-t|', { s: 'S', t: 'Sa' });
  });

  test('completes when both are complete', () => {
    const { state$ } = scanned('-a|', () => after(5));
    expectObservable(state$).toBe('-----(s|)', { s: 'Sa' });
  });

  test('never emits while the snapshot is not there', () => {
    const { state$, source } = scanned('-a-b', () => after(50));
    expectObservable(state$, '^-----!').toBe('-');
    expectSubscriptions(source.subscriptions).toBe('^-----!');
  });

  test('errors with the source, and lets go of the snapshot', () => {
    const { state$ } = scanned('-a-#', () => after(50));
    expectObservable(state$).toBe('---#');
  });

  test('errors when the snapshot does, when it is empty, when taking it or applying a row throws', () => {
    const thrown = () => {
      throw new RangeError('mine');
    };
    const cases: [string, Snapshot][] = [
      ['RangeError', () => throwError(() => new RangeError('mine'))],
      ['RangeError', thrown],
      ['EmptyError', () => EMPTY],
    ];
    for (const [name, snapshot] of cases) {
      const stream = record(scanned('-a', snapshot).state$);
      advance(10);
      expect(stream.error.name).to.equal(name);
    }
    for (const snapshot of [of('S'), after(5)]) {
      const applying$ = cold<string | Gap>('-a').pipe(scanSnapshot(() => snapshot, thrown));
      const stream = record(applying$);
      advance(10);
      expect(stream.error.name).to.equal('RangeError');
    }
    expect(timers()).to.equal(0);
  });

  test('applies a row that comes from within the snapshot, and takes another at a gap from within', () => {
    const source = new Subject<string | Gap>();
    const states: string[] = [];
    let calls = 0;
    source
      .pipe(
        scanSnapshot(
          () => of(`S${(calls += 1)}`),
          (state: string, row) => state + row,
        ),
      )
      .subscribe((state) => {
        states.push(state);
        if (state === 'S1') source.next('a');
        if (state === 'S1a') source.next(createGap(0, 0));
      });
    expect(states).to.deep.equal(['S1', 'S1a', 'S2']);
  });

  test('on a socket: asks for the snapshot behind the subscription, each time', () => {
    const { socket, server } = rowSocket(
      ['oa-1-x', 'oa-2-----q'],
      {},
      {
        q: { operation: 2, data: { k: 7 } },
      },
    );
    const sent: unknown[] = [];
    server.sent$.subscribe(({ payload }) => {
      const { query } = (payload ?? {}) as { query?: string };
      if (query) sent.push(query.slice(0, 5));
    });
    const state = record(
      recover<Row>(socket, document).pipe(
        scanSnapshot(
          () => socket.query$<Row>('query { k }').pipe(map(({ k }) => [k])),
          (numbers, { k }) => [...numbers, k],
        ),
      ),
    );
    advance(100);
    // the first query was lost with its connection, sent again with the next, and given up at the gap
    expect(sent).to.deep.equal(['subsc', 'query', 'subsc', 'query', 'query']);
    expect(state.values).to.deep.equal([]);
    state.unsubscribe();
    socket.close();
    advance(5_000);
    expect(timers()).to.equal(0);
  });
});
