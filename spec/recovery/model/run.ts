import {
  type Gap,
  isGap,
  type Missing,
  recover,
  type RecoverOptions,
} from 'rx-graphql-ws/recovery';
import {
  asyncScheduler,
  concat,
  delay,
  EMPTY,
  mergeMap,
  NEVER,
  type Observable,
  type ObservableInput,
  of,
  throwError,
  timer,
} from 'rxjs';
import { virtually } from '../../helpers/virtually.js';
import { type After, type Row, row } from '../rows.js';
import { account } from './account.js';
import { createFeed, type Feed, type FeedOptions, range } from './feed.js';
import { createRandom, type Random } from './random.js';

type Options = RecoverOptions<Row[], After, Row>;

/** A way of recovering. */
interface Way {
  /** Whether no row may be missing, and no gap be seen, once the first row is known. */
  readonly isExact: boolean;
  options(feed: Feed, random: Random): Options;
  readonly horizon?: number;
}

const key = ({ k }: Row) => k;
const resume = (last: Row) => ({ after: last.k });

/** An answer as histories give it: late, behind the stream, with an overlap, in parts of any size. */
function answer(feed: Feed, random: Random, { last, since }: Missing<Row>, limit = Infinity) {
  const lag = random.happens(0.3) ? random.below(3_000) : 0;
  // the overlap may reach behind the first row of the stream
  const overlap = random.happens(0.2) ? random.below(400) : random.below(4);
  const behind = last?.k ?? feed.latest(since);
  const from = Math.max(1, behind + 1 - overlap);
  const parts: Observable<Row[]> = timer(random.below(300)).pipe(
    mergeMap(() => {
      const rows = range(from, Math.min(feed.latest(asyncScheduler.now() - lag), behind + limit));
      // an answer that lies before the stream, or in a gap that has stayed, as a whole looks like one that begins right behind `last`
      const end = rows.at(-1)?.k ?? 0;
      if (end < feed.first()) return [];
      if (end <= behind && !rows.some(({ k }) => feed.emitted.has(k))) return [];
      const size = random.below(5) + 1;
      return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
        rows.slice(index * size, (index + 1) * size),
      );
    }),
    delay(random.below(300)),
  );
  return parts;
}

/** The other things that histories do. */
function failing(feed: Feed, random: Random, missing: Missing<Row>): ObservableInput<Row[]> | null {
  const good$ = answer(feed, random, missing);
  const failure$ = throwError(() => new Error('no'));
  const choices: readonly (() => ObservableInput<Row[]> | null)[] = [
    () => concat(timer(random.below(200)).pipe(mergeMap(() => EMPTY)), failure$),
    () => NEVER,
    () => EMPTY,
    () => null,
    () => concat(good$, failure$),
    () => concat(good$, NEVER),
    () => of([]),
    () => Promise.reject(new Error('rejected')),
    () => {
      throw new Error('thrown');
    },
  ];
  return random.happens(0.5) ? good$ : random.oneOf(choices)();
}

const backfill = (feed: Feed, random: Random, limit?: number): Options => ({
  key,
  backfill: (missing) => missing.last && answer(feed, random, missing, limit),
});
const fromStart = { handled: () => [row(0)] };

const ways: Readonly<Record<string, Way>> = {
  'no way: marks alone': { isExact: false, options: () => ({}) },
  'a key': { isExact: false, options: () => ({ key }) },
  'a key, from a handled row': { isExact: false, options: () => ({ key, ...fromStart }) },
  resume: { isExact: true, options: () => ({ resume }) },
  'resume, from a handled row': { isExact: true, options: () => ({ resume, ...fromStart }) },
  'resume that overlaps': {
    isExact: true,
    options: () => ({ resume: (last) => ({ after: last.k - 3 }), key }),
  },
  'resume within a horizon': { isExact: false, options: () => ({ resume }), horizon: 25 },
  backfill: { isExact: true, options: (feed, random) => backfill(feed, random) },
  'backfill, from a handled row': {
    isExact: true,
    options: (feed, random) => ({ ...backfill(feed, random), ...fromStart }),
  },
  'backfill in pages': { isExact: true, options: (feed, random) => backfill(feed, random, 25) },
  'backfill with a small buffer': {
    isExact: true,
    options: (feed, random) => ({ ...backfill(feed, random), buffer: 1 + random.below(20) }),
  },
  'resume within a horizon, else backfill': {
    isExact: true,
    options: (feed, random) => ({ ...backfill(feed, random), resume }),
    horizon: 25,
  },
  'a backfill that fails': {
    isExact: false,
    options: (feed, random) => ({
      key,
      timeout: 2_000,
      backfill: (missing) => failing(feed, random, missing),
    }),
  },
  'resume within a horizon, else a backfill that fails, with a small buffer': {
    isExact: false,
    options: (feed, random) => ({
      key,
      resume,
      timeout: 2_000,
      buffer: 1 + random.below(20),
      backfill: (missing) => failing(feed, random, missing),
    }),
    horizon: 25,
  },
};

const feedOptions = ({ horizon = Infinity }: Way, random: Random): FeedOptions => ({
  batch: random.oneOf([1, 1, 7]),
  horizon,
});

export interface ModelOptions {
  readonly runs: number;
  /** Run n has the seed `seed + n`, from 0 on. */
  readonly seed: number;
}

/** Numbers of all runs. */
export interface ModelReport {
  readonly runs: number;
  readonly losses: number;
  readonly rows: number;
  readonly lost: number;
  readonly gaps: number;
  /** The first failure, with the command that shows it again. */
  readonly failure?: string | undefined;
}

/** ms of lost connections, then ms of calm. */
const rough = 8_000;
const calm = 17_000;

/** Tries recovery in virtual time, until a run fails. */
export function runModel({ runs, seed }: ModelOptions): ModelReport {
  const total = { runs: 0, losses: 0, rows: 0, lost: 0, gaps: 0 };
  for (let index = 0; index < runs; index += 1) {
    const { failure, ...numbers } = runOnce(seed + index);
    for (const name of ['losses', 'rows', 'lost', 'gaps'] as const) total[name] += numbers[name];
    total.runs += 1;
    if (failure !== undefined) {
      const command = `RECOVERY_SEED=${seed + index} RECOVERY_RUNS=1 npx mocha spec/recovery/model.spec.ts`;
      return { ...total, failure: `${failure}\n${command}` };
    }
  }
  return total;
}

function runOnce(seed: number) {
  const random = createRandom(seed);
  const name = random.oneOf(Object.keys(ways));
  const way = ways[name]!;
  const found = { losses: 0, rows: 0, lost: 0, gaps: 0 };
  const problems: string[] = [];
  virtually(({ advance, timers }) => {
    const feed = createFeed(random, feedOptions(way, random));
    const options = way.options(feed, random);
    const items: (Row | Gap)[] = [];
    const row$ = recover<Row[], After, Row>(
      feed.socket,
      { query: 'subscription { rows }' },
      { rows: (rows) => rows, ...options },
    );
    const subscription = row$.subscribe({
      next(item) {
        items.push(item);
        if (!isGap(item)) feed.emitted.add(item.k);
      },
      error: (error: unknown) => problems.push(`it errored: ${String(error)}`),
    });
    advance(rough);
    feed.calm();
    advance(calm);
    // a history that lags, and answers that a small buffer outlives, may need several turns
    const due = feed.latest();
    for (let turns = 0; turns < 60 && account(items).last < due; turns += 1) advance(500);
    const sum = account(items, options.handled ? 0 : undefined);
    for (const fault of ['unmarked', 'duplicated', 'outOfOrder'] as const)
      if (sum[fault] > 0) problems.push(`${sum[fault]} ${fault}`);
    if (way.isExact && sum.afterFirst > 0)
      problems.push(`${sum.lost} lost, and ${sum.gaps} gaps, though it can be exact`);
    if (sum.last < due) problems.push(`stuck at ${sum.last}, while ${due} rows were due`);
    subscription.unsubscribe();
    if (timers() > 0) problems.push(`${timers()} timers are left`);
    Object.assign(found, { ...sum, losses: feed.tally.losses });
  })();
  const failure = problems.length > 0 ? `${name}: ${problems.join('; ')}` : undefined;
  return { ...found, failure };
}
