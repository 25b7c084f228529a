import type { ExecutionResult } from 'rx-graphql-ws';
import { asyncScheduler, defer, mergeMap, type Observable, repeat, timer } from 'rxjs';
import { isObject } from '../../check.js';
import { checkedHandler, formatError, type OperationHandler } from '../operation-handler.js';
import type { GraphQLTestServerOptions } from '../options.js';
import { seededRandom } from '../seeded-random.js';
import {
  countRows,
  createTimeline,
  type FeedOptions,
  numberRows,
  type ReplayOptions,
  type Timeline,
} from './rows.js';
import { firstReplayed, type Reach, selectRows } from './select-rows.js';
import { createTruth, noTruth, type Truth } from './truth.js';

export interface Answers {
  /** Answers operations on a socket. */
  readonly handle: OperationHandler;
  /** Answers POSTs with its first value. */
  readonly post: OperationHandler;
  readonly truth: Truth;
}

/** Answers operations from the server's feed, or else from its handler. */
export function answerOperations({
  handle = unhandled,
  feed,
  backfill: { horizon = false, maxRows = 25_000, lag = 0 } = {},
  seed = 1,
}: GraphQLTestServerOptions): Answers {
  if (feed) return createFeed(feed, seed, { horizon, maxRows, lag });
  const checked = checkedHandler(handle);
  return { handle: checked, post: checked, truth: noTruth };
}

function unhandled(): never {
  throw new Error('this test server has no handler');
}

function createFeed(options: FeedOptions, seed: number, reach: Reach): Answers {
  const { field = 'rows', limit = 800, number, perMessage = 1, replay = false } = options;
  const timeline = createTimeline(options);
  const rowOf = rowMaker(options, seed, timeline);
  const result = (from: number, to: number): ExecutionResult => ({
    data: { [field]: numberRows({ from, to }, 'ask for fewer').map(rowOf) },
  });
  const select: OperationHandler = ({ variables }) => {
    const { from, to } = selectRows(variables, timeline, reach);
    return [result(from, to)];
  };
  const subscribe: OperationHandler = ({ variables }) => {
    const first = firstReplayed(replay ? variables : {}, timeline, Object(replay) as ReplayOptions);
    countRows({ from: first, to: timeline.latest() }, 'ask for fewer by `after`');
    return liveResults(first, { timeline, perMessage, limit, result });
  };
  return {
    handle: (...given) => (isQuery(given[0].query) ? select : subscribe)(...given),
    post: select,
    truth: createTruth(timeline, (received) =>
      number ? number(received as never) : isObject(received) && received.number,
    ),
  };
}

function rowMaker({ row = numbered }: FeedOptions, seed: number, { at }: Timeline) {
  return (number: number): unknown => {
    try {
      return checkRow(row(number, seededRandom(Math.imul(seed, 0x9e3779b1) + number), at(number)));
    } catch (cause) {
      const { message } = formatError(cause);
      throw new Error(`the \`row\` of the feed threw for row ${number}: ${message}`, { cause });
    }
  };
}

function checkRow(row: unknown): unknown {
  if (row !== undefined && !(row instanceof Promise)) return row;
  // A rejection that nobody handles would end the process.
  row?.catch(() => undefined);
  throw new TypeError(`expected it to return a row, got ${row ? 'a promise' : 'undefined'}`);
}

/** Whether the first definition of a document is a query. The server executes no GraphQL and reads no further. */
function isQuery(document: string): boolean {
  return /^(?:[\s,\uFEFF]|#[^\n]*\n)*(?:query\b|\{)/.test(document);
}

function numbered(number: number) {
  return { number };
}

// A timer fires at once for a longer time.
const longestWait = 2 ** 31 - 1;

// ms until others have their turn: if making a row takes longer than `every`, one more row is always due.
const longestRound = 10;

interface LiveFeed {
  readonly timeline: Timeline;
  readonly perMessage: number;
  readonly limit: number;
  /** Makes the result with the rows from `first` to `last`. */
  result(first: number, last: number): ExecutionResult;
}

/** Emits each result when the last row of its batch exists, those from `first` on that are due at once; never completes. */
function liveResults(
  first: number,
  { timeline, perMessage, limit, result }: LiveFeed,
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
