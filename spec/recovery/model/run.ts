import type { Gap } from 'rx-graphql-ws/recovery';
import { isGap, recover } from 'rx-graphql-ws/recovery';
import { virtually } from '../../helpers/virtually.js';
import type { After, Row } from '../rows.js';
import { account } from './account.js';
import { createFeed } from './feed.js';
import { createRandom } from './random.js';
import { feedOptions, ways } from './ways.js';

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
