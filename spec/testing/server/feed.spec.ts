import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { restore, type SinonFakeTimers } from 'sinon';
import type { ExecutionResult } from 'rx-graphql-ws';
import type { FeedOptions, GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { eventually } from '../../helpers/eventually.js';
import { fakeTimers } from '../../helpers/fake-timers.js';
import { useServer } from '../../helpers/use-server.js';
import { useSocket } from '../../helpers/use-socket.js';
import { connect } from './raw-client.js';

const numbered = (...numbers: readonly number[]) => numbers.map((number) => ({ number }));
const subscription = 'subscription { rows { number } }';

const taken = (isQuery: boolean) => (document: string) => [document, isQuery] as const;

describe('the feed of graphqlTestServer', () => {
  const serve = useServer();
  const open = useSocket();
  let clock: SinonFakeTimers;
  afterEach(restore);

  /** Serves a feed at the instant `now`, which only `clock.tick()` changes. */
  async function feedOf(feed: FeedOptions, options: GraphQLTestServerOptions = {}, now = 0) {
    clock = fakeTimers({ now, toFake: ['Date', 'setInterval', 'clearInterval'] });
    const server = await serve({ backfill: { maxRows: false }, ...options, feed });
    const { url, httpUrl, ledger, truth } = server;
    const ask = async (query: string, variables: object, id = '1') => {
      const client = await connect(url);
      client.send({ type: 'subscribe', id, payload: { query, variables } });
      await ledger.until('received', ({ message }) => message?.id === id);
    };
    const query = async (variables: object = {}) => {
      const body = JSON.stringify({ query: '{ rows { number } }', variables });
      return (await (await fetch(httpUrl, { method: 'POST', body })).json()) as ExecutionResult;
    };
    return {
      ...{ ask, query, truth },
      subscribe: (variables: object = {}, id?: string) => ask(subscription, variables, id),
      rows: async (variables?: object) => ((await query(variables)).data as { rows: unknown }).rows,
      failure: async (variables?: object) => (await query(variables)).errors?.[0]?.message,
      /** What each operation was told: `[ms, rows or type]`. */
      told: (id = '1') =>
        ledger.sent
          .filter(({ message }) => message?.id === id)
          .map(({ at, message }) => {
            const { data } = Object(message?.payload) as ExecutionResult;
            return [at, (data as { rows?: unknown } | undefined)?.rows ?? message?.type];
          }),
      errors: () => JSON.stringify(ledger.sent.map(({ message }) => message?.payload)),
    };
  }

  describe('gives a subscription', () => {
    it('the rows from now on, each when it comes to exist, the same to everybody', async () => {
      const { subscribe, told } = await feedOf({ every: 10 });
      await subscribe();
      clock.tick(14);
      await subscribe({}, '2');
      clock.tick(15);
      const second = [20, numbered(2)];
      expect(told()).to.deep.equal([[10, numbered(1)], second]);
      expect(told('2')).to.deep.equal([second]);
    });

    it('no more rows of a batch than the limit, and never the others', async () => {
      const { subscribe, told } = await feedOf({ every: 1, perMessage: 5, limit: 3, start: 1 });
      await subscribe();
      clock.tick(10);
      expect(told()).to.deep.equal([
        [5, numbered(0, 1, 2)],
        [10, numbered(5, 6, 7)],
      ]);
    });

    it('every row of more than one a millisecond, though their times are rounded', async () => {
      const { subscribe, told, truth } = await feedOf({ every: 0.1 });
      await subscribe();
      clock.tick(30);
      const rows = told().flatMap(([, each]) => each as object[]);
      expect(truth.compare(rows, { from: 1, to: 300 }).missing).to.deep.equal([]);
      expect(rows).to.have.length(300);
    });

    it('the rows after a number, with `replay`, those that are due at once', async () => {
      const { subscribe, told } = await feedOf(
        { every: 10, replay: true, perMessage: 2, start: 0 },
        {},
        65,
      );
      await subscribe({ after: 1 });
      clock.tick(5);
      const due = [numbered(2, 3), numbered(4, 5)].map((rows) => [65, rows]);
      expect(told()).to.deep.equal([...due, [70, numbered(6, 7)]]);
    });

    const [inclusive, exclusive] = [{ inclusive: true }, { inclusive: false }];
    for (const [variables, replay, first] of [
      [{ after: 3 }, true, 4],
      [{ after: 3 }, {}, 4],
      [{ after: 3 }, inclusive, 3],
      [{ after: 3 }, exclusive, 4],
      [{ from: 3 }, exclusive, 3],
      [{ since: 30 }, true, 3],
      [{ since: 30 }, inclusive, 3],
      [{ since: 30 }, exclusive, 4],
      [{ since: '1970-01-01T00:00:00.031Z' }, exclusive, 4],
      [{ since: 31, after: 4 }, true, 5],
      [{ since: -1_000 }, true, 0],
      [{ after: -7 }, inclusive, 0],
      [{ since: 1_000 }, true, 6],
      [{}, true, 6],
      [{ after: null }, true, 6],
      [{ after: 99 }, true, 6],
      [{ after: 1 }, undefined, 6],
    ] as const)
      it(`the rows from ${first} on, for ${JSON.stringify(variables)} with the replay ${JSON.stringify(replay)}`, async () => {
        const { subscribe, told } = await feedOf({ every: 10, replay, start: 0 }, {}, 55);
        await subscribe(variables);
        clock.tick(5);
        const due = Array.from({ length: 6 - first }, (_, index) => [55, numbered(first + index)]);
        expect(told()).to.deep.equal([...due, [60, numbered(6)]]);
      });

    it('an error for a cursor beyond the horizon of the replay, and none for one within', async () => {
      const replay = { horizon: 30 };
      const { subscribe, told, errors } = await feedOf({ every: 10, replay, start: 0 }, {}, 55);
      await subscribe({ after: 1 });
      expect(told()).to.deep.equal([[55, 'error']]);
      const message = 'the cursor is too old: the oldest row that can be had is 3';
      const extensions = { code: 'CURSOR_TOO_OLD' };
      expect(errors()).to.contain(JSON.stringify({ message, extensions }));
      await subscribe({ after: 2 }, '2');
      await subscribe({}, '3');
      clock.tick(4);
      const due = [numbered(3), numbered(4), numbered(5)].map((rows) => [55, rows]);
      expect(told('2')).to.deep.equal(due);
      expect(told('3')).to.deep.equal([]);
    });

    it('a row that is due in a month, without a timer that is too long', async () => {
      const month = 30 * 86_400_000;
      const { subscribe, told } = await feedOf({ every: 1, start: month });
      await subscribe();
      clock.tick(month);
      expect(told()).to.deep.equal([[month, numbered(0)]]);
    });

    it('its rows in turn with others, though a row takes longer than `every`', async () => {
      let made = 0;
      const row = (number: number) => {
        const begun = performance.now();
        while (performance.now() < begun + 1.2);
        if (++made > 600) throw new Error('nobody else had a turn');
        return { number };
      };
      const start = Date.now() - 300;
      const server = await serve({ feed: { every: 1, row, start, replay: true } });
      const client = await connect(server.url);
      const variables = { after: 0 };
      client.send({ type: 'subscribe', id: '1', payload: { query: subscription, variables } });
      await server.ledger.until('started');
      await delay(30);
      expect(server.ledger.operations).to.have.length(1);
      expect(made).to.be.within(1, 200);
    });
  });

  it('tells which row could not be made, and how that failed', async () => {
    const row = (number: number) => {
      if (number === 2) throw new TypeError('no price');
      return { number };
    };
    const { subscribe, told, errors, failure, rows } = await feedOf({ every: 10, row });
    await subscribe();
    clock.tick(20);
    const message = 'the `row` of the feed threw for row 2: no price';
    expect(told()).to.deep.equal([
      [10, numbered(1)],
      [20, 'error'],
    ]);
    expect(errors()).to.contain(message);
    expect(await failure()).to.equal(message);
    expect(await rows({ to: 1 })).to.deep.equal(numbered(0, 1));
  });

  for (const [what, row] of [
    ['undefined', () => undefined],
    ['a promise', () => Promise.reject(new Error('nobody waits for it'))],
  ] as const)
    it(`tells of a row that is ${what}`, async () => {
      const { failure } = await feedOf({ every: 10, row });
      expect(await failure()).to.equal(
        `the \`row\` of the feed threw for row 0: expected it to return a row, got ${what}`,
      );
    });

  for (const [document, isQuery] of [
    ...['{ rows }', ' query Q { rows }', '# subscription {}\r\n,query{ rows }'].map(taken(true)),
    ...['queryful', '# {', '# a\n# {\nsubscription {'].map(taken(false)),
  ])
    it(`gives the rows that exist to ${JSON.stringify(document)}: ${isQuery}`, async () => {
      const { ask, told } = await feedOf({ every: 10, start: 0 }, {}, 20);
      await ask(document, {});
      const rows = [20, numbered(0, 1, 2)];
      expect(told()).to.deep.equal(isQuery ? [rows, [20, 'complete']] : []);
    });

  describe('selects rows', () => {
    const iso = (ms: number) => new Date(ms).toISOString();
    for (const [variables, numbers] of [
      [{}, [0, 1, 2, 3, 4, 5]],
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
    ] as const)
      it(`by ${JSON.stringify(variables)}`, async () => {
        const { rows } = await feedOf({ every: 10, start: 1_000 }, {}, 1_059);
        expect(await rows(variables)).to.deep.equal(numbered(...numbers));
      });

    it('that are not beyond the horizon, the first of too many', async () => {
      const { rows } = await feedOf({ every: 10 }, { backfill: { horizon: 30, maxRows: 3 } });
      clock.tick(20);
      expect(await rows()).to.deep.equal(numbered(0, 1, 2));
      clock.tick(40);
      expect(await rows()).to.deep.equal(numbered(3, 4, 5));
      expect(await rows({ from: 1, to: 4 })).to.deep.equal(numbered(3, 4));
      expect(await rows({ after: 4 })).to.deep.equal(numbered(5, 6));
    });

    it('as late as the history lags behind the stream', async () => {
      const { rows } = await feedOf({ every: 10 }, { backfill: { lag: 25 } });
      clock.tick(50);
      expect(await rows()).to.deep.equal(numbered(0, 1, 2));
      expect(await rows({ from: 3 })).to.deep.equal([]);
      clock.tick(5);
      expect(await rows({ from: 3 })).to.deep.equal(numbered(3));
    });

    it('in pages, of which the request tells the length', async () => {
      const { rows, failure } = await feedOf({ every: 10 }, { backfill: { maxRows: 3 } });
      clock.tick(50);
      expect(await rows({ after: 0, limit: 2 })).to.deep.equal(numbered(1, 2));
      expect(await rows({ after: 0, limit: 9 })).to.deep.equal(numbered(1, 2, 3));
      expect(await rows({ limit: 0 })).to.deep.equal([]);
      expect(await failure({ limit: '2' })).to.equal(
        'expected the variable `limit` to be a number of rows, got "2"',
      );
    });

    for (const [backfill, count] of [
      [undefined, 25_000],
      [{ maxRows: 7 }, 7],
      [{ horizon: 9 }, 10],
    ] as const)
      it(`${String(count)} of 30 000, with the backfill ${JSON.stringify(backfill)}`, async () => {
        const { rows } = await feedOf({ every: 1, start: 0 }, { backfill }, 30_000);
        expect(await rows()).to.have.length(count);
      });

    it('of no more than a million, and of no variable that it cannot read', async () => {
      const { failure, rows } = await feedOf({ every: 1, start: 0 }, {}, 1_800_000_000_000);
      expect(await failure()).to.equal(
        'rows 0 to 1800000000000 are 1800000000001, more than can be had at once (1000000): ask for fewer, or give the feed a later `start`',
      );
      const last = 1_800_000_000_000;
      expect(await rows({ from: last })).to.deep.equal(numbered(last));
      expect(await failure({ from: 1.5 })).to.contain('`from` to be the number of a row, got 1.5');
      expect(await failure({ since: 'noon' })).to.equal(
        'expected the variable `since` to be an instant (ISO 8601, or ms since the epoch), got "noon"',
      );
      expect(await failure({ till: true })).to.contain('got true');
    });
  });

  it('makes rows of one seed always the same, of others not', async () => {
    const row = (number: number, random: () => number, at: number) => [number, random(), at];
    const drawn = async (seed: number) => {
      const { query } = await feedOf({ every: 10, start: 0, field: 'trades', row }, { seed }, 20);
      const { data } = await query();
      clock.restore();
      return (data as { trades: readonly (readonly number[])[] }).trades;
    };
    const [trades, same, others] = [await drawn(1), await drawn(1), await drawn(2)];
    expect(trades.map(([number, , at]) => [number, at])).to.deep.equal([
      [0, 0],
      [1, 10],
      [2, 20],
    ]);
    expect(same).to.deep.equal(trades);
    const randoms = [...trades, ...others].map(([, random]) => random);
    expect(new Set(randoms)).to.have.property('size', 6);
  });

  it('tells a client the rows that it missed by a drop, and while the server was down', async () => {
    const row = (number: number, random: () => number) => ({ number, price: random() });
    const server = await serve({ feed: { every: 4, row } });
    const rows: ReturnType<typeof row>[] = [];
    const { subscribe$ } = open({ url: server.url });
    subscribe$<{ rows: typeof rows }>(subscription).subscribe(({ rows: more }) => {
      rows.push(...more);
    });
    const more = (count: number) => {
      const enough = rows.length + count;
      return eventually(() => expect(rows).to.have.length.at.least(enough));
    };
    await more(3);
    server.drop();
    await more(3);
    await server.stop();
    await delay(20);
    await server.start();
    await more(2);
    const seen = [...rows];
    const { missing, duplicate, outOfOrder } = server.truth.compare(seen);
    expect(missing).to.have.length.at.least(4);
    expect([duplicate, outOfOrder]).to.deep.equal([[], []]);
    const variables = { from: seen[0]!.number, to: seen.at(-1)!.number };
    const body = JSON.stringify({ query: '{ rows { number price } }', variables });
    const response = await fetch(server.httpUrl, { method: 'POST', body });
    const { data } = (await response.json()) as { data: { rows: typeof rows } };
    expect(data.rows.filter(({ number }) => !missing.includes(number))).to.deep.equal(seen);
    expect(server.truth.compare(data.rows).missing).to.deep.equal([]);
  });

  describe('tells the truth', () => {
    const truthAt = async (ms: number, options: Partial<FeedOptions> = {}) =>
      (await feedOf({ every: 10, start: 0, ...options }, {}, ms)).truth;

    it('of the rows that exist so far, or of a range', async () => {
      const truth = await truthAt(30);
      expect(truth.sent()).to.deep.equal([0, 1, 2, 3]);
      expect(truth.sent({ from: 2, to: 9 })).to.deep.equal([2, 3]);
      expect(truth.sent({ from: -2, to: 1 })).to.deep.equal([0, 1]);
      expect(truth.sent({ from: 2, to: 1 })).to.deep.equal([]);
    });

    it('about what is missing, what came again, and what came too late', async () => {
      const received = [1, 2, 2, 6, 5, 7, 5, 2];
      expect((await truthAt(90)).compare(received)).to.deep.equal({
        ...{ sent: [1, 2, 3, 4, 5, 6, 7], received },
        ...{ missing: [3, 4], duplicate: [2, 5, 2], outOfOrder: [5] },
      });
    });

    it('about a range, as far as it exists', async () => {
      const truth = await truthAt(40);
      expect(truth.compare([0, 1, 3, 3], { from: 1, to: 9 })).to.deep.equal({
        ...{ sent: [1, 2, 3, 4], received: [1, 3, 3] },
        ...{ missing: [2, 4], duplicate: [3], outOfOrder: [] },
      });
      expect(truth.compare([], { from: 3, to: 4 }).missing).to.deep.equal([3, 4]);
    });

    it('about rows whose number is where the feed says', async () => {
      const block = (Number: number) => ({ Block: { Number } });
      const number = (row: ReturnType<typeof block>) => row.Block.Number;
      const truth = await truthAt(40, { number });
      expect(truth.compare([block(1), block(3)]).missing).to.deep.equal([2]);
    });

    it('about nothing without a number, and no row that does not exist', async () => {
      const truth = await truthAt(40);
      for (const odd of [{ id: 1 }, null, 'row', { number: '1' }, 1.5])
        expect(() => truth.compare([odd])).to.throw(
          `expected a row with a number, got ${JSON.stringify(odd)}`,
        );
      const missing = 'row 5 does not exist: the latest of the feed is 4';
      expect(() => truth.compare([5])).to.throw(missing);
      expect(() => truth.compare([-1])).to.throw('row -1 does not exist');
    });

    it('about nothing without a feed', async () => {
      const { truth } = await serve();
      const explained = 'this server has no feed to tell the truth of: give it the option `feed`';
      expect(() => truth.sent()).to.throw(explained);
      expect(() => truth.compare([])).to.throw(explained);
    });
  });
});
