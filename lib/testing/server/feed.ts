import type { ExecutionResult } from 'rx-graphql-ws';
import { asyncScheduler, defer, mergeMap, type Observable, repeat, timer } from 'rxjs';
import { isObject, isWhole } from '../check.js';
import type { Comparison, FeedOptions, ReplayOptions, RowRange, Truth } from './api/feed.js';
import type { BackfillOptions, OperationHandler } from './api/options.js';
import type { Core } from './core.js';
import { checkedHandler, formatErrors } from './operations.js';
import { seededRandom } from './seeded-random.js';
import {
  countRows,
  createTimeline,
  firstReplayed,
  numberRows,
  selectRows,
  type Timeline,
} from './rows.js';

/** Answers operations from the server's feed, or else from its handler: on sockets `handle`, by POST the first value of `post`. */
export function answerOperations({ handle, feed, backfill, seed }: Core['options']) {
  if (feed) return createFeed(feed, seed, backfill);
  const checked = checkedHandler(handle);
  return { handle: checked, post: checked, truth: noTruth };
}

function createFeed(options: FeedOptions, seed: number, backfill: BackfillOptions) {
  const { field = 'rows', number, replay = false } = options;
  const timeline = createTimeline(options);
  const rowOf = rowMaker(options, seed, timeline);
  const result = (from: number, to: number): ExecutionResult => ({
    data: { [field]: numberRows({ from, to }, 'ask for fewer').map(rowOf) },
  });
  const select: OperationHandler = ({ variables }) => {
    const { from, to } = selectRows(variables, timeline, backfill);
    return [result(from, to)];
  };
  const subscribe: OperationHandler = ({ variables }) => {
    const first = firstReplayed(replay ? variables : {}, timeline, Object(replay) as ReplayOptions);
    countRows({ from: first, to: timeline.latest() }, 'ask for fewer by `after`');
    return liveResults(first, timeline, options, result);
  };
  const handle: OperationHandler = (request, context) =>
    (isQuery(request.query) ? select : subscribe)(request, context);
  const numberOf = (row: unknown) => (number ? number(row as never) : isObject(row) && row.number);
  return { handle, post: select, truth: createTruth(timeline, numberOf) };
}

function rowMaker({ row = (number) => ({ number }) }: FeedOptions, seed: number, { at }: Timeline) {
  return (number: number): unknown => {
    try {
      const made = row(number, seededRandom(Math.imul(seed, 0x9e3779b1) + number), at(number));
      if (made !== undefined && !(made instanceof Promise)) return made;
      // A rejection that nobody handles would end the process.
      made?.catch(() => undefined);
      throw new TypeError(`expected it to return a row, got ${made ? 'a promise' : 'undefined'}`);
    } catch (cause) {
      const [error] = formatErrors(cause);
      throw new Error(`the \`row\` of the feed threw for row ${number}: ${error?.message}`, {
        cause,
      });
    }
  };
}

/** Whether the first definition of a document is a query. The server executes no GraphQL and reads no further. */
function isQuery(document: string): boolean {
  return /^(?:[\s,\uFEFF]|#[^\n]*\n)*(?:query\b|\{)/.test(document);
}

// A timer fires at once for a longer time.
const longestWait = 2 ** 31 - 1;

// ms until others have their turn: if making a row takes longer than `every`, one more row is always due.
const longestRound = 10;

/** Emits each result when the last row of its batch exists, those from `first` on that are due at once; never completes. */
function liveResults(
  first: number,
  timeline: Timeline,
  { perMessage = 1, limit = 800 }: FeedOptions,
  result: (from: number, to: number) => ExecutionResult,
): Observable<ExecutionResult> {
  const lastOfBatch = (number: number) => number - (number % perMessage) + perMessage - 1;
  return defer(() => {
    let next = first;
    function* due() {
      const until = asyncScheduler.now() + longestRound;
      const latest = timeline.latest();
      while (lastOfBatch(next) <= latest && asyncScheduler.now() < until) {
        const from = next;
        const last = lastOfBatch(from);
        next = last + 1;
        yield result(from, Math.min(last, from + limit - 1));
      }
    }
    const wait = () => timeline.at(lastOfBatch(next)) - asyncScheduler.now();
    // Each wait is measured anew, because intervals drift and a timer may fire early.
    const untilDue$ = defer(() => timer(Math.min(wait(), longestWait)));
    return untilDue$.pipe(mergeMap(due), repeat());
  });
}

const noTruth: Truth = { sent: explain, compare: explain };

/** @param numberOf - finds the number in a row */
function createTruth(timeline: Timeline, numberOf: (row: unknown) => unknown): Truth {
  const sent = ({ from, to }: RowRange = { from: 0, to: Infinity }) => {
    const range = { from: Math.max(0, from), to: Math.min(to, timeline.latest()) };
    return numberRows(range, 'ask for a `range` of them');
  };
  const existing = (received: unknown): number => {
    const number = typeof received === 'number' ? received : numberOf(received);
    const latest = timeline.latest();
    if (!isWhole(number, -Infinity))
      throw new Error(`expected a row with a number, got ${JSON.stringify(received)}`);
    if (number < 0 || number > latest)
      throw new Error(`row ${number} does not exist: the latest of the feed is ${latest}`);
    return number;
  };
  return {
    sent,
    compare: (received, range) => {
      const numbers = received.map(existing);
      const from = range?.from ?? numbers.reduce((a, b) => Math.min(a, b), Infinity);
      const to = range?.to ?? numbers.reduce((a, b) => Math.max(a, b), -Infinity);
      const within = numbers.filter((number) => number >= from && number <= to);
      return compare(sent({ from, to }), within);
    },
  };
}

function compare(sent: readonly number[], received: readonly number[]): Comparison {
  const seen = new Set<number>();
  const duplicate: number[] = [];
  const outOfOrder: number[] = [];
  let greatest = -1;
  for (const number of received) {
    if (seen.has(number)) duplicate.push(number);
    else if (number < greatest) outOfOrder.push(number);
    seen.add(number);
    greatest = Math.max(greatest, number);
  }
  const missing = sent.filter((number) => !seen.has(number));
  return { sent, received, missing, duplicate, outOfOrder };
}

function explain(): never {
  throw new Error('this server has no feed to tell the truth of: give it the option `feed`');
}
