import type { Observable, ObservableInput } from 'rxjs';
import { asyncScheduler, concat, delay, EMPTY, mergeMap, NEVER, of, throwError, timer } from 'rxjs';
import type { Missing, RecoverOptions } from 'rx-graphql-ws/recovery';
import type { After, Row } from '../rows.js';
import { row } from '../rows.js';
import type { Feed, FeedOptions } from './feed.js';
import { range } from './feed.js';
import type { Random } from './random.js';

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

export const ways: Readonly<Record<string, Way>> = {
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

export const feedOptions = ({ horizon = Infinity }: Way, random: Random): FeedOptions => ({
  batch: random.oneOf([1, 1, 7]),
  horizon,
});
