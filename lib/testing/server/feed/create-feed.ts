import type { ExecutionResult } from 'rx-graphql-ws';
import { formatError } from '../format-errors.js';
import type { OperationHandler } from '../operation-handler.js';
import { seededRandom } from '../seeded-random.js';
import { isObject } from '../wire-message.js';
import type { FeedOptions } from './feed-options.js';
import { liveResults } from './live-results.js';
import { countRows, numberRows } from './number-rows.js';
import { readNumber } from './read-variables.js';
import { selectRows, type Reach } from './select-rows.js';
import { timeline as createTimeline, type Timeline } from './timeline.js';
import { tellTruth, type Truth } from './truth.js';

/** A feed of rows at work. */
export interface Feed {
  /** Answers a subscription with the rows to come, a query with those that exist. */
  readonly handle: OperationHandler;
  /** Answers whatever it is with the rows that exist. */
  readonly select: OperationHandler;
  readonly truth: Truth;
}

/**
 * The feed of a server.
 *
 * @param options - the feed's
 * @param seed - the server's
 * @param reach - how much can be selected
 */
export function createFeed(options: FeedOptions, seed: number, reach: Reach): Feed {
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
    const latest = timeline.latest();
    const after = replay ? (readNumber(variables, 'after') ?? latest) : latest;
    const first = Math.max(0, Math.min(after, latest) + 1);
    countRows({ from: first, to: latest }, 'ask for fewer by `after`');
    return liveResults(first, { timeline, perMessage, limit, result });
  };
  return {
    handle: (request, context) => (isQuery(request.query) ? select : subscribe)(request, context),
    select,
    truth: tellTruth(timeline, (received) =>
      number ? number(received as never) : isObject(received) && received.number,
    ),
  };
}

function rowMaker({ row = numbered }: FeedOptions, seed: number, { at }: Timeline) {
  return (number: number): unknown => {
    try {
      return expectRow(row(number, seededRandom(Math.imul(seed, 0x9e3779b1) + number), at(number)));
    } catch (cause) {
      const { message } = formatError(cause);
      throw new Error(`the \`row\` of the feed threw for row ${number}: ${message}`, { cause });
    }
  };
}

function expectRow(row: unknown): unknown {
  if (row !== undefined && !(row instanceof Promise)) return row;
  // Nobody waits for it: its rejection would end the process.
  row?.catch(() => undefined);
  throw new TypeError(`expected it to return a row, got ${row ? 'a promise' : 'undefined'}`);
}

/** Whether the first definition of a document is a query: the server executes no GraphQL, and looks no further. */
function isQuery(document: string): boolean {
  return /^(?:[\s,\uFEFF]|#[^\n]*\n)*(?:query\b|\{)/.test(document);
}

function numbered(number: number) {
  return { number };
}
