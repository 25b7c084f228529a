import { expect } from 'chai';
import { describe } from 'mocha';
import type { ObservableInput } from 'rxjs';
import { concat, defer, EMPTY, map, NEVER, of, Subject, take, throwError, timer } from 'rxjs';
import type { Missing, RecoverOptions } from 'rx-graphql-ws/recovery';
import { recover } from 'rx-graphql-ws/recovery';
import { advance, test, timers } from '../helpers/test.js';
import { document, rowSocket } from './bench.js';
import type { Row } from './rows.js';
import { answer, resending, row, show, written } from './rows.js';

type Answer = (missing: Missing<Row>, call: number) => ObservableInput<Row[]> | null | undefined;
type Options = RecoverOptions<Row[], object, Row>;

const key = ({ k }: Row) => k;
const rows = (data: Row[]) => data;
const rowsNow = (...numbers: number[]) => of(numbers.map(row));
const failing = throwError(() => new Error('no'));

/** A stream over `resending` marbles, and the numbers of `last` and `first` of each question. */
function filled(marbles: string, backfill: Answer, options: Options = {}) {
  const asked: unknown[] = [];
  const stream$ = recover<Row[], object, Row>(
    resending(marbles),
    { query: document },
    {
      rows,
      key,
      backfill(missing) {
        asked.push([missing.last?.k, missing.first?.k]);
        return backfill(missing, asked.length);
      },
      ...options,
    },
  );
  return { asked, stream$, ...watched(stream$) };
}

function watched(stream$: Parameters<typeof written>[0]) {
  const stream = written(stream$);
  return {
    log: () => stream.log,
    values: () => stream.values,
    error: () => stream.error,
    unsubscribe: stream.unsubscribe,
  };
}

describe('recover with a backfill', () => {
  test('on a socket: asks what is missing, and emits it before the live rows', () => {
    const { socket } = rowSocket(['oa-1-x', 'oa-4-5', 'oa']);
    const asked: Missing<Row>[] = [];
    const stream = written(
      recover<Row>(socket, document, {
        key,
        backfill(missing) {
          asked.push(missing);
          return timer(10, 1).pipe(
            take(4),
            map((n) => row(n + 1)),
          );
        },
      }),
    );
    advance(100);
    expect(stream.log).to.deep.equal(['3 1', '29 2', '30 3', '31 4', '31 5']);
    expect(asked).to.deep.equal([{ last: row(1), first: row(4), since: 3, until: 16 }]);
    socket.close();
  });

  test('passes rows on as they come, each key once', () => {
    const { log } = filled('1-2-2-3|', () => EMPTY);
    advance(100);
    expect(log()).to.deep.equal(['0 1', '2 2', '6 3', '7 complete']);
  });

  describe('asks', () => {
    test('at the first live row, and holds rows until the answer has reached it', () => {
      const { asked, log } = filled('1 2g 4-5 40ms 6', () => answer(10, 3, 4));
      advance(5_000);
      expect(asked).to.deep.equal([[2, 4]]);
      expect(log()).to.deep.equal(['0 1', '1 2', '13 3', '13 4', '13 5', '46 6']);
      expect(timers()).to.equal(0);
    });

    test('after 1 s of quiet; when the next row is unknown, it asks again', () => {
      const { asked, log } = filled('1g 3s 4', (_, call) =>
        call === 1 ? rowsNow(2) : call === 2 ? EMPTY : rowsNow(3, 4),
      );
      advance(50_000);
      expect(log()).to.deep.equal(['0 1', '1001 2', '3002 3', '3002 4']);
      expect(asked).to.deep.equal([
        [1, undefined],
        [2, undefined],
        [2, 4],
      ]);
      expect(timers()).to.equal(0);
    });

    test('a page a second while the stream is quiet, until a page has nothing new', () => {
      const pages: Record<number, number[]> = { 1: [2, 3], 3: [4, 5] };
      const { asked, log } = filled('1g', ({ last }) => rowsNow(...(pages[last!.k] ?? [])));
      advance(50_000);
      expect(log()).to.deep.equal(['0 1', '1001 2', '1001 3', '2001 4', '2001 5']);
      expect(asked).to.have.length(3);
      expect(timers()).to.equal(0);
    });

    test('for nothing when the next row was recovered before it came', () => {
      const { asked, log } = filled('1g 3s 2-3', (_, call) => (call === 1 ? rowsNow(2) : EMPTY));
      advance(50_000);
      expect(log()).to.deep.equal(['0 1', '1001 2', '3004 3']);
      expect(asked).to.have.length(2);
    });

    test('for nothing when the first live row is known already', () => {
      const { asked, log } = filled('12g2-3', () => rowsNow(9));
      advance(50_000);
      expect(asked).to.deep.equal([]);
      expect(log()).to.deep.equal(['0 1', '1 2', '5 3']);
      expect(timers()).to.equal(0);
    });

    test('again at once behind what was recovered, while answers stop short', () => {
      const pages: Record<number, number[]> = { 1: [2, 3], 3: [4, 5], 5: [6, 7] };
      const { asked, log } = filled('1g7-8', ({ last }) => answer(10, ...(pages[last!.k] ?? [])));
      advance(50_000);
      expect(asked).to.deep.equal([
        [1, 7],
        [3, 7],
        [5, 7],
      ]);
      expect(log().slice(1)).to.deep.equal([
        '12 2',
        '12 3',
        '22 4',
        '22 5',
        '32 6',
        '32 7',
        '32 8',
      ]);
    });

    test('again after 1, 2 and 4 s while answers have nothing new: the history lags', () => {
      const times: number[] = [];
      const { log } = filled('1g4', (_, call) => {
        times.push(call);
        return call < 4 ? rowsNow(1) : rowsNow(2, 3, 4);
      });
      advance(50_000);
      expect(log()).to.deep.equal(['0 1', '7002 2', '7002 3', '7002 4']);
      expect(times).to.have.length(4);
      expect(timers()).to.equal(0);
    });

    test('after 1 s again when there was news in between', () => {
      const { log } = filled('1g4', (_, call) =>
        call === 3 ? rowsNow(2) : call === 5 ? rowsNow(3, 4) : EMPTY,
      );
      advance(50_000);
      expect(log()).to.deep.equal(['0 1', '3002 2', '4002 3', '4002 4']);
    });

    test('behind the rows that were handled, at the start', () => {
      const { asked, values } = filled('4', () => rowsNow(1, 2, 3, 4), { handled: () => [row(1)] });
      advance(50_000);
      expect(asked).to.deep.equal([[1, 4]]);
      expect(values()).to.deep.equal([2, 3, 4]);
    });

    test('without a last row if the stream was lost before the first one', () => {
      const { asked, values } = filled('g4', () => concat(rowsNow(2, 3), failing));
      advance(50_000);
      expect(asked).to.deep.equal([[undefined, 4]]);
      expect(values()).to.deep.equal([2, 3, 'gap: no', 4]);
    });
  });

  describe('takes an answer', () => {
    test('with overlaps at both ends, cut anywhere, and with more than was missing', () => {
      const { values } = filled('12g56-7 9ms 8', () =>
        concat(answer(2, 1, 2), answer(2, 2, 3, 4, 5), answer(2, 5, 6, 7)),
      );
      advance(50_000);
      expect(values()).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8]);
    });

    test('that is slower than the live rows', () => {
      const { log } = filled('1g 3 10ms 4 10ms 5 10ms 6 10ms 7', () => answer(35, 2, 3));
      advance(50_000);
      expect(log()).to.deep.equal(['0 1', '37 2', '37 3', '37 4', '37 5', '37 6', '46 7']);
    });

    test('whose rows lie before the first row of the stream: they are no news', () => {
      const { asked, values } = filled('56g8-9', () =>
        concat(rowsNow(3), rowsNow(4, 5, 6), rowsNow(7, 8)),
      );
      advance(50_000);
      expect(values()).to.deep.equal([5, 6, 7, 8, 9]);
      expect(asked).to.have.length(1);
    });

    test('whose rows lie before the first row that was handled: they are no news', () => {
      const { values } = filled('8', () => rowsNow(3, 4, 5, 6, 7, 8), {
        handled: () => [row(5), row(6)],
      });
      advance(50_000);
      expect(values()).to.deep.equal([7, 8]);
    });

    test('that has nothing but older rows as one without news', () => {
      const { log } = filled('5g7', (_, call) => (call === 1 ? rowsNow(3, 4, 5) : rowsNow(6, 7)));
      advance(50_000);
      expect(log()).to.deep.equal(['0 5', '1002 6', '1002 7']);
    });

    test('whose rows lie in a gap that stayed: they would come too late, and are no news', () => {
      const { values } = filled('12g56g9', (_, call) =>
        call === 1 ? failing : rowsNow(1, 2, 3, 4, 5, 6, 7, 8, 9),
      );
      advance(50_000);
      expect(values()).to.deep.equal([1, 2, 'gap: no', 5, 6, 7, 8, 9]);
    });

    test('that ends in a gap that stayed as one without news: the history lags', () => {
      const { log } = filled('12g56g9', (_, call) => {
        if (call === 1) return failing;
        return call === 2 ? rowsNow(1, 2, 3, 4) : rowsNow(5, 6, 7, 8, 9);
      });
      advance(50_000);
      expect(log().slice(2)).to.deep.equal([
        ...['3 gap: no', '3 5', '4 6'],
        ...['1006 7', '1006 8', '1006 9'],
      ]);
    });

    test('that shows an older row behind a present one: what follows is news', () => {
      const { values } = filled('12g56g9', (_, call) => {
        if (call === 1) return failing;
        return call === 2 ? rowsNow(5, 1, 7) : rowsNow(8, 9);
      });
      advance(50_000);
      expect(values()).to.deep.equal([1, 2, 'gap: no', 5, 6, 7, 8, 9]);
    });

    test('behind a gap that stayed, with no row since: the present piece is the one before it', () => {
      const { values } = filled('12g', (_, call) => (call === 1 ? failing : EMPTY));
      advance(2_000);
      expect(values()).to.deep.equal([1, 2, 'gap: no']);
      const { values: again } = filled('12g 2s g6', (_, call) =>
        call === 1 ? failing : rowsNow(1, 2, 3, 4, 5, 6),
      );
      advance(5_000);
      expect(again()).to.deep.equal([1, 2, 'gap: no', 3, 4, 5, 6]);
    });

    test('that shows a missing row before one that is known: histories may order rows of one time otherwise', () => {
      const { values } = filled('123g6', () => rowsNow(4, 2, 3, 5, 6));
      advance(50_000);
      expect(values()).to.deep.equal([1, 2, 3, 4, 5, 6]);
    });

    test('that does so with the first live row, behind a row that was handled', () => {
      const { values } = filled(
        '7g9',
        (_, call) => (call === 1 ? rowsNow(6, 7) : rowsNow(6, 8, 7, 9)),
        { handled: () => [row(6)] },
      );
      advance(50_000);
      expect(values()).to.deep.equal([7, 8, 9]);
    });

    test('that fails before it shows where it begins: its rows may be older ones, and are not emitted', () => {
      const { values } = filled('5g8', () => concat(rowsNow(3, 4), failing));
      advance(50_000);
      expect(values()).to.deep.equal([5, 'gap: no', 8]);
    });

    test('that fails, or never ends, after it has reached the first row: there is no gap', () => {
      for (const end$ of [failing, NEVER]) {
        const { values } = filled('1g4-5', () => concat(rowsNow(2, 3, 4), end$));
        advance(50_000);
        expect(values()).to.deep.equal([1, 2, 3, 4, 5]);
        expect(timers()).to.equal(0);
      }
    });
  });

  describe('leaves the gap where it is, before the held rows,', () => {
    test('when no row was recovered for `timeout`', () => {
      const { log } = filled('1g4-5', () => EMPTY, { timeout: 5_000 });
      advance(50_000);
      expect(log()).to.deep.equal([
        '0 1',
        '5002 gap: `backfill` brought no row within 5000 ms',
        '5002 4',
        '5002 5',
      ]);
      expect(timers()).to.equal(0);
    });

    test('when no answer comes, `timeout` after the question', () => {
      const { log } = filled('1g', () => NEVER, { timeout: 5_000 });
      advance(50_000);
      expect(log()).to.deep.equal(['0 1', '6001 gap: `backfill` brought no row within 5000 ms']);
    });

    test('when an answer never ends, `timeout` after its last new row', () => {
      const endless$ = concat(
        timer(0, 4_000).pipe(
          take(5),
          map((n) => [row(1), row(Math.min(n, 3) + 1)]),
        ),
        NEVER,
      );
      const { log } = filled('1g9', () => endless$, { timeout: 5_000 });
      advance(60_000);
      expect(log()).to.deep.equal([
        '0 1',
        '4002 2',
        '8002 3',
        '12002 4',
        '17002 gap: `backfill` brought no row within 5000 ms',
        '17002 9',
      ]);
      expect(timers()).to.equal(0);
    });

    test('after 12 days at most, with an infinite `timeout` as well', () => {
      const { log } = filled('1g9', () => NEVER, { timeout: Infinity });
      advance(1_000_000);
      expect(log()).to.deep.equal(['0 1']);
    });

    test('when the answer fails, behind what it has brought', () => {
      const { log } = filled('1g4-5 9ms 6', () => concat(answer(5, 1, 2), failing));
      advance(50_000);
      expect(log()).to.deep.equal(['0 1', '7 2', '7 gap: no', '7 4', '7 5', '14 6']);
      expect(timers()).to.equal(0);
    });

    test('when `backfill` throws', () => {
      const { log } = filled('1g4', () => {
        throw new Error('thrown');
      });
      advance(50_000);
      expect(log()).to.deep.equal(['0 1', '2 gap: thrown', '2 4']);
    });

    test('when `backfill` returns what is no answer', () => {
      const { values } = filled('1g4', () => 5 as never);
      advance(50_000);
      expect(values()[1]).to.match(/^gap: You provided '5' where a stream was expected/);
    });

    test('when `rows` or `key` throws on an answer', () => {
      for (const wrong of [null, [null]]) {
        const { values } = filled('1g4', () => of(wrong) as never);
        advance(50_000);
        expect(values()).to.have.length(3);
        expect(values()[1]).to.match(/^gap: /);
      }
    });

    for (const nothing of [undefined, null])
      test(`at once when the rows cannot be had: ${String(nothing)}`, () => {
        const { log } = filled('1g4-5', () => nothing);
        advance(50_000);
        expect(log()).to.deep.equal(['0 1', '2 gap', '2 4', '4 5']);
      });

    test('and in a quiet stream emits it then', () => {
      const { log } = filled('1g', () => failing);
      advance(50_000);
      expect(log()).to.deep.equal(['0 1', '1001 gap: no']);
      expect(timers()).to.equal(0);
    });
  });

  describe('at a second loss meanwhile', () => {
    test('must reach the first row behind that one', () => {
      const { asked, log } = filled('1g3 3ms g 3ms 5', ({ last }) =>
        last!.k === 1 ? answer(10, 2, 3) : answer(10, 4, 5),
      );
      advance(50_000);
      expect(asked).to.deep.equal([
        [1, 3],
        [3, 5],
      ]);
      expect(log()).to.deep.equal(['0 1', '12 2', '12 3', '22 4', '22 5']);
      expect(timers()).to.equal(0);
    });

    test('asks after 1 s if the stream is quiet since', () => {
      const { asked, log } = filled('1g 500ms g', () => rowsNow(1, 2));
      advance(50_000);
      expect(asked).to.deep.equal([
        [1, undefined],
        [2, undefined],
      ]);
      expect(log()).to.deep.equal(['0 1', '1502 2']);
    });

    test('does not let a row wait for ever that it holds, though the stream is quiet since', () => {
      const { log } = filled('1g3 3ms g', () => EMPTY, { timeout: 5_000 });
      advance(50_000);
      expect(log()).to.deep.equal([
        '0 1',
        '5002 gap: `backfill` brought no row within 5000 ms',
        '5002 3',
        '5002 gap',
      ]);
      expect(timers()).to.equal(0);
    });

    test('shows both gaps in their places when it fails', () => {
      const { values } = filled('1g3 3ms g 3ms 5', () => concat(answer(20), failing));
      advance(50_000);
      expect(values()).to.deep.equal([1, 'gap: no', 3, 'gap', 5]);
    });
  });

  describe('when more rows are held than `buffer`', () => {
    test('asks for the oldest of them, too', () => {
      const { asked, values } = filled(
        '1g3456 20ms 7',
        ({ first }) => answer(10, ...[2, 3, 4, 5, 6].filter((k) => k <= first!.k)),
        { buffer: 2 },
      );
      advance(50_000);
      expect(asked).to.deep.equal([
        [1, 3],
        [3, 5],
      ]);
      expect(values()).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
    });

    test('loses the oldest of them, behind the gap, when it fails', () => {
      const { values } = filled('1g34g56', () => concat(answer(10), failing), { buffer: 2 });
      advance(50_000);
      expect(values()).to.deep.equal([1, 'gap: no', 'gap', 5, 6]);
    });

    test('shows one gap for two losses when nothing is left between them', () => {
      const { values } = filled('1g3g56', () => concat(answer(10), failing), { buffer: 1 });
      advance(50_000);
      expect(values()).to.deep.equal([1, 'gap: no', 6]);
    });
  });

  describe('when the stream completes meanwhile', () => {
    test('awaits the answer to a quiet stream', () => {
      const { log } = filled('1g 10ms |', (_, call) => (call === 1 ? answer(5, 2) : EMPTY));
      advance(50_000);
      expect(log()).to.deep.equal(['0 1', '17 2', '1017 complete']);
      expect(timers()).to.equal(0);
    });

    test('awaits the answer that is under way', () => {
      const { log } = filled('1g 3 2ms |', () => answer(10, 2, 3));
      advance(50_000);
      expect(log()).to.deep.equal(['0 1', '12 2', '12 3', '12 complete']);
    });

    test('completes at once if all was recovered, and nothing came since', () => {
      const { asked, log } = filled('1g 4s |', (_, call) => (call === 1 ? rowsNow(2) : EMPTY));
      advance(50_000);
      expect(asked).to.have.length(2);
      expect(log()).to.deep.equal(['0 1', '1001 2', '4002 complete']);
    });

    test('completes after `timeout` if the first row is never reached', () => {
      const { log } = filled('1g 3 |', () => EMPTY);
      advance(50_000);
      expect(log()).to.deep.equal([
        '0 1',
        '30002 gap: `backfill` brought no row within 30000 ms',
        '30002 3',
        '30002 complete',
      ]);
      expect(timers()).to.equal(0);
    });
  });

  test('when the stream fails meanwhile, emits the gap and the held rows, then the error', () => {
    const { log, error } = filled('1g3 3ms #', () => NEVER);
    advance(50_000);
    expect(log()).to.deep.equal([
      '0 1',
      '6 gap: the stream has failed',
      '6 3',
      '6 error RangeError',
    ]);
    expect(error()).to.be.an('error');
    expect(timers()).to.equal(0);
  });

  test('when the stream fails before and afterwards, errors', () => {
    const { log } = filled('1g3 3ms #', () => rowsNow(2, 3));
    advance(50_000);
    expect(log()).to.deep.equal(['0 1', '2 2', '2 3', '6 error RangeError']);
  });

  test('fails with the stream when `key` throws on a live row, behind the gap', () => {
    const { log } = filled('1g34', () => NEVER, {
      key({ k }) {
        if (k === 4) throw new RangeError('key');
        return k;
      },
    });
    advance(50_000);
    expect(log()).to.deep.equal(['0 1', '3 gap: key', '3 3', '3 error RangeError']);
  });

  describe('leaves nothing behind when it is unsubscribed', () => {
    for (const [phase, ms] of [
      ['before anything came', 0],
      ['while it waits for a first row', 500],
      ['while it asks', 1_005],
      ['when all is recovered', 2_500],
      ['while it asks again', 3_005],
      ['in a pause', 3_015],
      ['when it has given up', 60_000],
    ] as const)
      test(phase, () => {
        const { asked, log, unsubscribe } = filled('-1g 3s 5', (_, call) =>
          call === 1 ? answer(10, 2) : answer(10),
        );
        advance(ms);
        unsubscribe();
        const before = [log().length, asked.length];
        expect(timers()).to.equal(0);
        advance(60_000);
        expect([log().length, asked.length]).to.deep.equal(before);
        expect(timers()).to.equal(0);
      });

    test('in the midst of an answer that comes at once', () => {
      const { stream$ } = filled('1g4', () => rowsNow(2, 3, 4));
      const seen: unknown[] = [];
      const subscription = stream$.subscribe((item) => {
        seen.push(show(item));
        if (show(item) === 2) subscription.unsubscribe();
      });
      advance(10);
      expect(seen).to.deep.equal([1, 2]);
    });
  });

  describe('delivers what comes from within a held row behind all that is held', () => {
    /** A stream whose consumer brings more rows when it gets row 4, and may leave at a later one. */
    function within(bring: (live: Live) => void, leavesAt?: number) {
      const live = new Live();
      const seen: unknown[] = [];
      const stream$ = recover<Row[], object, Row>(
        { subscribe$: live.subscribe$ as never },
        { query: document },
        { rows, key, backfill: () => answer(10, 1, 2, 3) },
      );
      const subscription = stream$.subscribe({
        next(item) {
          seen.push(show(item));
          if (show(item) === 4) bring(live);
          if (show(item) === leavesAt) subscription.unsubscribe();
        },
        error: () => seen.push('error'),
        complete: () => seen.push('complete'),
      });
      live.row(1);
      live.lose();
      for (const k of [3, 4, 5]) live.row(k);
      return { seen, live, subscription };
    }

    test('rows', () => {
      const { seen } = within((live) => {
        live.row(6);
        live.row(7);
      });
      advance(20);
      expect(seen).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
    });

    test('a loss: it is filled in its turn', () => {
      const { seen, live } = within(() => {
        live.row(6);
        live.lose();
        live.row(8);
        live.end();
      });
      advance(15);
      expect(seen).to.deep.equal([1, 2, 3, 4, 5, 6]);
      advance(60_000);
      expect(seen.slice(6)).to.deep.equal([
        'gap: `backfill` brought no row within 30000 ms',
        8,
        'complete',
      ]);
      expect(timers()).to.equal(0);
    });

    test('an end', () => {
      const { seen } = within((live) => live.end());
      advance(20);
      expect(seen).to.deep.equal([1, 2, 3, 4, 5, 'complete']);
    });

    test('an unsubscribe', () => {
      const { seen, subscription } = within((live) => {
        live.lose();
        subscription.unsubscribe();
      });
      advance(20);
      expect(seen).to.deep.equal([1, 2, 3, 4]);
      expect(timers()).to.equal(0);
    });

    test('a loss, and an unsubscribe before it: nothing is asked', () => {
      const { seen } = within((live) => {
        live.lose();
        live.row(8);
      }, 5);
      advance(20);
      expect(seen).to.deep.equal([1, 2, 3, 4, 5]);
      expect(timers()).to.equal(0);
    });
  });
});

/** A stream that the test drives itself. */
class Live {
  readonly #rows$ = new Subject<Row[]>();
  #variables: (() => unknown) | undefined;
  readonly subscribe$ = ({ variables }: { variables: () => unknown }) =>
    defer(() => {
      this.#variables = variables;
      variables();
      return this.#rows$;
    });
  row(k: number): void {
    this.#rows$.next([row(k)]);
  }
  lose(): void {
    this.#variables?.();
  }
  end(): void {
    this.#rows$.complete();
  }
}
