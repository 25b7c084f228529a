import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { from, type Observable } from 'rxjs';
import type { ExecutionResult } from 'rx-graphql-ws';
import type { BackfillOptions, ConnectionContext, FeedOptions } from 'rx-graphql-ws/testing/server';
import { answerOperations } from '../../../lib/testing/server/feed/create-feed.js';
import { checkOptions } from '../../../lib/testing/server/check-options.js';
import { virtually } from '../../helpers/virtually.js';

const context = {} as ConnectionContext;
const unlimited = { horizon: false, maxRows: false } as const;

const rows = (...numbers: readonly number[]) => ({
  data: { rows: numbers.map((number) => ({ number })) },
});

function feedOf(options: FeedOptions, backfill: BackfillOptions = unlimited) {
  const feed = answerOperations({ feed: options, backfill });
  const ask = (query: string, variables: object): Observable<ExecutionResult> =>
    from(feed.handle({ id: '1', query, variables: { ...variables } }, context));
  return {
    truth: feed.truth,
    ask,
    subscribe: (variables = {}) => ask('subscription { rows { number } }', variables),
    query: (variables = {}) => {
      const results: ExecutionResult[] = [];
      ask('{ rows { number } }', variables).subscribe((result) => results.push(result));
      return results[0];
    },
  };
}

describe('createFeed', () => {
  describe('gives a subscription', () => {
    it(
      'the rows from now on, each when it comes to exist, the same to everybody',
      virtually(({ advance, record }) => {
        const { subscribe } = feedOf({ every: 10 });
        const early = record(subscribe());
        advance(14);
        const late = record(subscribe());
        advance(15);
        early.unsubscribe();
        advance(1);
        late.unsubscribe();
        expect(early.log).to.deep.equal([
          [10, rows(1)],
          [20, rows(2)],
        ]);
        expect(late.log).to.deep.equal([
          [20, rows(2)],
          [30, rows(3)],
        ]);
      }),
    );

    it(
      'no more rows of a batch than the limit, and never the others',
      virtually(({ advance, record }) => {
        const { subscribe } = feedOf({ every: 1, perMessage: 5, limit: 3, start: 1 });
        const seen = record(subscribe());
        advance(10);
        seen.unsubscribe();
        expect(seen.values).to.deep.equal([rows(0, 1, 2), rows(5, 6, 7)]);
      }),
    );

    it(
      'every row of more than one a millisecond, though their times are rounded',
      virtually(({ advance, record }) => {
        const { subscribe, truth } = feedOf({ every: 0.1 });
        const seen = record(subscribe());
        advance(30);
        seen.unsubscribe();
        const numbers = seen.values.flatMap(({ data }) => (data as { rows: object[] }).rows);
        expect(truth.compare(numbers, { from: 1, to: 300 }).missing).to.deep.equal([]);
        expect(numbers).to.have.length(300);
      }),
    );

    it(
      'what is due at once after the event loop was held up',
      virtually(({ advance, record, now }) => {
        const { subscribe } = feedOf({ every: 10, start: -35, replay: true });
        const seen = record(subscribe({ after: 0 }));
        advance(0);
        expect(seen.log).to.deep.equal([
          [now(), rows(1)],
          [now(), rows(2)],
          [now(), rows(3)],
        ]);
        seen.unsubscribe();
      }),
    );
  });

  it('lets others have their turn, though a row takes longer than `every`', async () => {
    let made = 0;
    const row = (number: number) => {
      const begun = performance.now();
      while (performance.now() < begun + 1.2);
      if (++made > 600) throw new Error('nobody else had a turn');
      return { number };
    };
    const errors: unknown[] = [];
    const { subscribe } = feedOf({ every: 1, row, start: Date.now() - 300, replay: true });
    const following = subscribe({ after: 0 }).subscribe({ error: (error) => errors.push(error) });
    await delay(30);
    following.unsubscribe();
    expect(errors).to.deep.equal([]);
    expect(made).to.be.within(1, 200);
  });

  describe('waits for more than a timer can', () => {
    const month = 30 * 86_400_000;

    it('and does not spin', async () => {
      const warnings: string[] = [];
      const warn = ({ name }: Error) => warnings.push(name);
      process.on('warning', warn);
      const { subscribe } = feedOf({ every: 1, start: Date.now() + month });
      const waiting = subscribe().subscribe();
      await delay(20);
      waiting.unsubscribe();
      process.off('warning', warn);
      expect(warnings).to.deep.equal([]);
    });
  });

  it(
    'tells which row could not be made, and how that failed',
    virtually(({ advance, record }) => {
      const row = (number: number) => {
        if (number === 2) throw new TypeError('no price');
        return { number };
      };
      const { subscribe, query } = feedOf({ every: 10, row });
      const seen = record(subscribe());
      advance(20);
      const message = 'the `row` of the feed threw for row 2: no price';
      expect(seen.log).to.deep.equal([
        [10, rows(1)],
        [20, 'error', 'Error'],
      ]);
      expect(seen.error).to.have.property('message', message);
      expect(() => query()).to.throw(message);
      expect(query({ to: 1 })).to.deep.equal(rows(0, 1));
    }),
  );

  for (const [what, row] of [
    ['undefined', () => undefined],
    ['a promise', () => Promise.reject(new Error('nobody waits for it'))],
  ] as const)
    it(`tells of a row that is ${what}`, () => {
      const { query } = feedOf({ every: 10, row });
      expect(() => query()).to.throw(
        `the \`row\` of the feed threw for row 0: expected it to return a row, got ${what}`,
      );
    });

  describe('replays', () => {
    it(
      'the rows after a number, then goes on',
      virtually(({ advance, record }) => {
        const { subscribe } = feedOf({ every: 10, replay: true, perMessage: 2, start: -45 });
        const seen = record(subscribe({ after: 1 }));
        advance(5);
        seen.unsubscribe();
        expect(seen.log).to.deep.equal([
          [0, rows(2, 3)],
          [5, rows(4, 5)],
        ]);
      }),
    );

    it(
      'nothing without a number, with one from the future, or unless it is asked to',
      virtually(({ advance, record }) => {
        const start = -45;
        const seen = [
          record(feedOf({ every: 10, start, replay: true }).subscribe()),
          record(feedOf({ every: 10, start, replay: true }).subscribe({ after: null })),
          record(feedOf({ every: 10, start, replay: true }).subscribe({ after: 99 })),
          record(feedOf({ every: 10, start }).subscribe({ after: 1 })),
        ];
        advance(5);
        for (const { log, unsubscribe } of seen) {
          unsubscribe();
          expect(log).to.deep.equal([[5, rows(5)]]);
        }
      }),
    );

    it('and says what it cannot read', () => {
      const { subscribe } = feedOf({ every: 10, replay: true });
      expect(() => subscribe({ after: '12' })).to.throw(
        'expected the variable `after` to be the number of a row, got "12"',
      );
    });
  });

  it(
    'gives a query the rows that exist, whatever stands before it',
    virtually(({ advance, record }) => {
      const { ask } = feedOf({ every: 10 });
      advance(20);
      for (const document of [
        '{ rows }',
        ' query Q { rows }',
        '# subscription {}\r\n,query{ rows }',
      ])
        expect(record(ask(document, {})).log).to.deep.equal([
          [20, rows(0, 1, 2)],
          [20, 'complete'],
        ]);
      for (const document of [
        'subscription { rows }',
        'queryful',
        '# {',
        '# a\n# {\nsubscription {',
      ]) {
        const seen = record(ask(document, {}));
        expect(seen.log).to.deep.equal([]);
        seen.unsubscribe();
      }
    }),
  );

  describe('selects rows', () => {
    const iso = (ms: number) => new Date(ms).toISOString();
    const cases: readonly [given: object, expected: readonly number[]][] = [
      [{}, [0, 1, 2, 3, 4, 5]],
      [{ from: 2 }, [2, 3, 4, 5]],
      [{ to: 1 }, [0, 1]],
      [{ from: 2, to: 3 }, [2, 3]],
      [{ from: -3, to: 99 }, [0, 1, 2, 3, 4, 5]],
      [{ from: 3, to: 2 }, []],
      [{ after: 3 }, [4, 5]],
      [{ after: null, from: undefined, since: null }, [0, 1, 2, 3, 4, 5]],
      [{ since: 1_020 }, [2, 3, 4, 5]],
      [{ since: 1_021 }, [3, 4, 5]],
      [{ since: iso(1_020), till: iso(1_039) }, [2, 3]],
      [{ till: 1_040 }, [0, 1, 2, 3, 4]],
      [{ since: 1_010, after: 2, to: 4 }, [3, 4]],
    ];
    for (const [variables, numbers] of cases)
      it(
        `by ${JSON.stringify(variables)}`,
        virtually(({ advance }) => {
          const { query } = feedOf({ every: 10, start: 1_000 });
          advance(1_059);
          expect(query(variables)).to.deep.equal(rows(...numbers));
        }),
      );

    it(
      'that are not beyond the horizon, the first of too many',
      virtually(({ advance }) => {
        const { query } = feedOf({ every: 10 }, { horizon: 30, maxRows: 3 });
        advance(20);
        expect(query()).to.deep.equal(rows(0, 1, 2));
        advance(40);
        expect(query()).to.deep.equal(rows(3, 4, 5));
        expect(query({ from: 1, to: 4 })).to.deep.equal(rows(3, 4));
        expect(query({ after: 4 })).to.deep.equal(rows(5, 6));
      }),
    );

    it('and says what it cannot read', () => {
      const { query } = feedOf({ every: 10 });
      expect(() => query({ from: 1.5 })).to.throw('`from` to be the number of a row, got 1.5');
      expect(() => query({ since: 'noon' })).to.throw(
        'expected the variable `since` to be an instant (ISO 8601, or ms since the epoch), got "noon"',
      );
      expect(() => query({ till: true })).to.throw('got true');
    });
  });

  it(
    'lets nobody select more than a million rows at once',
    virtually(() => {
      const { query } = feedOf({ every: 1, start: -1_800_000_000_000 });
      expect(() => query()).to.throw(
        RangeError,
        'rows 0 to 1800000000000 are 1800000000001, more than can be had at once (1000000): ask for fewer, or give the feed a later `start`',
      );
      expect(query({ from: 1_800_000_000_000 })).to.deep.equal(rows(1_800_000_000_000));
    }),
  );

  it(
    'makes rows of one seed always the same, of others not',
    virtually(({ advance }) => {
      const drawn = (seed: number) => {
        const row = (number: number, random: () => number, at: number) => [number, random(), at];
        const options = { every: 10, start: 0, field: 'trades', row };
        const { post: select } = answerOperations({ feed: options, seed, backfill: unlimited });
        let result: ExecutionResult | undefined;
        from(select({ id: '1', query: 'whatever', variables: {} }, context)).subscribe(
          (value) => (result = value),
        );
        return (result?.data as { trades: readonly (readonly number[])[] }).trades;
      };
      advance(20);
      const trades = drawn(1);
      expect(trades.map(([number, , at]) => [number, at])).to.deep.equal([
        [0, 0],
        [1, 10],
        [2, 20],
      ]);
      expect(drawn(1)).to.deep.equal(trades);
      const randoms = [1, 2].flatMap((seed) => drawn(seed).map(([, random]) => random));
      expect(new Set(randoms)).to.have.property('size', 6);
    }),
  );
});

describe('graphqlTestServer option feed', () => {
  const wrong: readonly [object, string][] = [
    [{}, 'expected `feed.every` to be a number of milliseconds ≥ 0.01, got undefined'],
    [{ every: 0.005 }, '`feed.every` to be a number of milliseconds ≥ 0.01, got 0.005 (number)'],
    [{ every: Infinity }, '`feed.every` to be a number of milliseconds ≥ 0.01, got Infinity'],
    [{ every: NaN }, 'expected `feed.every` to be a number of milliseconds ≥ 0.01'],
    [{ every: '1s' }, 'expected `feed.every` to be a number of milliseconds ≥ 0.01'],
    [{ every: 1, rows: 5 }, 'unknown option `feed.rows`: did you mean `feed.row`?'],
    [{ every: 1, row: {} }, 'expected `feed.row` to be a function'],
    [{ every: 1, number: 'id' }, 'expected `feed.number` to be a function'],
    [{ every: 1, field: '' }, 'expected `feed.field` to be a name'],
    [{ every: 1, perMessage: 0 }, 'expected `feed.perMessage` to be a number of rows ≥ 1'],
    [{ every: 1, limit: 1.5 }, 'expected `feed.limit` to be a number of rows ≥ 1'],
    [{ every: 1, start: '2026-01-01' }, 'expected `feed.start` to be an instant, in ms since'],
    [{ every: 1, start: -8.65e13 }, 'expected `feed.start` to be an instant, in ms since'],
    [{ every: 1, start: Infinity }, 'expected `feed.start` to be an instant, in ms since'],
    [{ every: 1, replay: 1 }, 'expected `feed.replay` to be a boolean'],
  ];
  for (const [feed, message] of wrong)
    it(`refuses ${JSON.stringify(feed)}`, () => {
      expect(() => {
        checkOptions({ feed: feed as FeedOptions });
      }).to.throw(TypeError, message);
    });
});

describe('answerOperations', () => {
  it('refuses a feed and a handler together', () => {
    expect(() => checkOptions({ feed: { every: 1 }, handle: () => [] })).to.throw(
      TypeError,
      'expected `feed` or `handle`, got both: the results come from one of them',
    );
  });

  it('lets no truth be told without a feed', () => {
    const { truth } = answerOperations({ handle: () => [] });
    const explained = 'this server has no feed to tell the truth of: give it the option `feed`';
    expect(() => truth.sent()).to.throw(explained);
    expect(() => truth.compare([])).to.throw(explained);
  });

  it(
    'lets 25 000 rows be selected, however old, unless the backfill says otherwise',
    virtually(({ advance }) => {
      const count = (backfill?: object) => {
        const { post } = answerOperations({ feed: { every: 1, start: 0 }, backfill });
        let result: ExecutionResult | undefined;
        from(post({ id: '1', query: '{ rows }', variables: {} }, context)).subscribe(
          (value) => (result = value),
        );
        return (result?.data as { rows: unknown[] }).rows.length;
      };
      advance(30_000);
      expect(count()).to.equal(25_000);
      expect(count({ maxRows: 7 })).to.equal(7);
      expect(count({ horizon: 9 })).to.equal(10);
    }),
  );
});

describe('Truth', () => {
  const at = (ms: number, options: Partial<FeedOptions> = {}) => {
    let told: ReturnType<typeof feedOf>['truth'] | undefined;
    return {
      tell: (test: (truth: NonNullable<typeof told>) => void) =>
        virtually(({ advance }) => {
          told = feedOf({ every: 10, ...options }).truth;
          advance(ms);
          test(told);
        }),
    };
  };

  it(
    'tells the rows that exist so far, or of a range',
    at(30).tell((truth) => {
      expect(truth.sent()).to.deep.equal([0, 1, 2, 3]);
      expect(truth.sent({ from: 2, to: 9 })).to.deep.equal([2, 3]);
      expect(truth.sent({ from: -2, to: 1 })).to.deep.equal([0, 1]);
      expect(truth.sent({ from: 2, to: 1 })).to.deep.equal([]);
    }),
  );

  it(
    'finds what is missing, what came again, and what came too late',
    at(90).tell((truth) => {
      expect(truth.compare([1, 2, 2, 6, 5, 7, 5, 2])).to.deep.equal({
        sent: [1, 2, 3, 4, 5, 6, 7],
        received: [1, 2, 2, 6, 5, 7, 5, 2],
        missing: [3, 4],
        duplicate: [2, 5, 2],
        outOfOrder: [5],
      });
    }),
  );

  it(
    'compares a range, as far as it exists',
    at(40).tell((truth) => {
      expect(truth.compare([0, 1, 3, 3], { from: 1, to: 9 })).to.deep.equal({
        sent: [1, 2, 3, 4],
        received: [1, 3, 3],
        missing: [2, 4],
        duplicate: [3],
        outOfOrder: [],
      });
      expect(truth.compare([], { from: 3, to: 4 }).missing).to.deep.equal([3, 4]);
    }),
  );

  it(
    'finds them where the feed says they are',
    at(40, { number: (row: { Block: { Number: number } }) => row.Block.Number }).tell((truth) => {
      const block = (Number: number) => ({ Block: { Number } });
      expect(truth.compare([block(1), block(3)]).missing).to.deep.equal([2]);
    }),
  );

  it(
    'refuses what has no number, and rows that do not exist',
    at(40).tell((truth) => {
      for (const odd of [{ id: 1 }, null, 'row', { number: '1' }, 1.5])
        expect(() => truth.compare([odd])).to.throw(
          `expected a row with a number, got ${JSON.stringify(odd)}`,
        );
      expect(() => truth.compare([5])).to.throw(
        'row 5 does not exist: the latest of the feed is 4',
      );
      expect(() => truth.compare([-1])).to.throw('row -1 does not exist');
    }),
  );
});
