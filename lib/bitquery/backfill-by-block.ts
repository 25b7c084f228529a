import type { Observable } from 'rxjs';
import { asyncScheduler, defer, tap } from 'rxjs';
import { ConfigurationError, OperationError, type Variables } from 'rx-graphql-ws';
import { createAsk } from './ask.js';
import {
  type BackfillByBlockOptions,
  checkBackfillOptions,
  documentText,
} from './backfill-options.js';
import { callUser, expected } from './checks.js';

/** The part of what is missing that a backfill by block needs. */
interface MissingRows<TRow> {
  /** The row before the gap, or the last that was recovered of it. */
  readonly last: TRow | undefined;
  /** The first row behind the gap, if there is one yet. */
  readonly first: TRow | undefined;
  /** When the row before the gap came, in ms since the epoch. */
  readonly since: number | undefined;
}

/**
 * Makes the `backfill` of `recover`: an HTTP query for the blocks from the last row to the first that followed, both included. `recover` asks
 * again from the last recovered row, so that each answer is a page. It gives nothing where there is no last row, or the gap began before
 * the `horizon`.
 *
 * It waits and asks again after 429 (as `Retry-After` wants; else 5 s, 10 s, … up to a minute), 5xx and failed requests, until it is
 * unsubscribed, which aborts the request; and at once, with a fresh token, after the first 401 or 403.
 *
 * The Observable fails with a ConnectionError for another status, an OperationError for an answer with errors or if the block of the last row is
 * no longer held, a ProtocolError for no result, a ConfigurationError for rows that do not ascend or a function of yours that failed.
 *
 * @throws ConfigurationError - an option that is unknown, missing or wrong.
 *
 * @example
 * ```ts
 * const rows = (data: TradesData) => data.Solana.DEXTrades;
 * recover(socket, liveTrades, {
 *   rows,
 *   key: (trade) => `${trade.Transaction.Signature}:${trade.Trade.Index}`,
 *   backfill: backfillByBlock({
 *     token,
 *     rows,
 *     query: tradesOfBlocks,
 *     block: (trade) => trade.Block.Slot,
 *     variables: ({ fromBlock, toBlock }) => ({ from: String(fromBlock), to: toBlock && String(toBlock) }),
 *   }),
 * });
 * ```
 */
export function backfillByBlock<TData, TRow, TVariables = Variables>(
  options: BackfillByBlockOptions<TData, TRow, TVariables>,
): (missing: MissingRows<TRow>) => Observable<TData> | undefined {
  checkBackfillOptions(Object(options) as typeof options);
  const { block, variables, horizon = Infinity, overlap = 0 } = options;
  const query = documentText(options.query);
  const ask = createAsk(options) as (body: string) => Observable<TData>;
  return ({ last, first, since = Infinity }) => {
    if (last === undefined || asyncScheduler.now() - since > horizon) return undefined;
    return defer(() => {
      const before = blockOf(last, block);
      const behind = first === undefined ? undefined : blockOf(first, block);
      const range = {
        fromBlock: Math.min(before, behind ?? before) - overlap,
        toBlock: behind === undefined ? behind : Math.max(before, behind) + overlap,
      };
      const body = callUser('variables', () =>
        JSON.stringify({ query, variables: variables(range) }),
      );
      return ask(body).pipe(
        tap((data) => {
          checkBlocks(data, before, options);
        }),
      );
    });
  };
}

function blockOf<TRow>(row: TRow, block: (row: TRow) => unknown): number {
  const given = callUser('block', () => block(row));
  const number = typeof given === 'string' && given !== '' ? Number(given) : given;
  if (Number.isFinite(number)) return number as number;
  throw expected('block', 'a function that returns the number of a block', given);
}

/**
 * Sees that the answer begins at the last row, and that it ascends, because a page of descending rows has a hole behind the last row.
 *
 * @throws OperationError - it begins behind the last row. ConfigurationError - it does not ascend.
 */
function checkBlocks<TData, TRow>(
  data: TData,
  last: number,
  { rows, block }: Pick<BackfillByBlockOptions<TData, TRow>, 'rows' | 'block'>,
): void {
  let previous: number | undefined;
  for (const row of callUser('rows', () => [...rows(data)])) {
    const number = blockOf(row, block);
    if (previous === undefined && number > last) {
      const message = `the dataset no longer holds block ${last}: the first row is of block ${number}`;
      throw new OperationError([{ message }]);
    }
    if (previous !== undefined && number < previous) {
      const message = `expected \`query\` to order its rows by block, ascending, got block ${number} behind block ${previous}`;
      throw new ConfigurationError('query', message);
    }
    previous = number;
  }
}
