import type { ExecutionResult } from 'rx-graphql-ws';
import type { OperationHandler } from '../operation-handler.js';
import { seededRandom } from '../seeded-random.js';
import { isObject } from '../wire-message.js';
import type { FeedOptions } from './feed-options.js';
import { liveResults } from './live-results.js';
import { readNumber } from './read-variables.js';
import { selectRows, type Reach } from './select-rows.js';
import { timeline as createTimeline } from './timeline.js';
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
  const row = options.row ?? numbered;
  const timeline = createTimeline(options);
  const rowOf = (n: number) =>
    row(n, seededRandom(Math.imul(seed, 0x9e3779b1) + n), timeline.at(n));
  const result = (first: number, last: number): ExecutionResult => {
    const rows: unknown[] = [];
    for (let n = first; n <= last; n++) rows.push(rowOf(n));
    return { data: { [field]: rows } };
  };
  const select: OperationHandler = ({ variables }) => {
    const { from, to } = selectRows(variables, timeline, reach);
    return [result(from, to)];
  };
  const subscribe: OperationHandler = ({ variables }) => {
    const latest = timeline.latest();
    const after = replay ? (readNumber(variables, 'after') ?? latest) : latest;
    const first = Math.max(0, Math.min(after, latest) + 1);
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

/** Whether the first definition of a document is a query: the server executes no GraphQL, and looks no further. */
function isQuery(document: string): boolean {
  return /^(?:[\s,\uFEFF]|#[^\n]*\n)*(?:query\b|\{)/.test(document);
}

function numbered(number: number) {
  return { number };
}
