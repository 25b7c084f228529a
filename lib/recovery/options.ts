import type { DataOptions } from 'rx-graphql-ws';
import type { ObservableInput } from 'rxjs';
import type { Checks } from './check.js';
import { isCount, isFunction } from './check.js';
import type { Missing } from './missing.js';

/** How a subscription recovers what it has missed. */
export interface RecoverOptions<TData, TVariables, TRow> extends Pick<
  DataOptions,
  'errorPolicy' | 'onServerComplete'
> {
  /**
   * The rows in one result. Write it first, because the types of the others follow from it. If it throws on a result of the subscription,
   * the stream errors with that.
   *
   * @defaultValue the data itself is the row
   */
  rows?: ((data: TData) => Iterable<TRow>) | undefined;
  /**
   * The variables with which the server begins behind `last`. They replace those of the request that have the same names. It is called for each
   * send after the first row, and with `handled` for the first send too. If the server refuses such a send by an error before its first result,
   * the subscription is sent once more without them, behind a gap.
   *
   * A cursor that begins at `last` or before it needs `key`. It must not reach behind the first row of the stream, because `key` cannot tell the rows
   * before that one from new ones; `handled` may have them.
   */
  resume?: ((last: TRow) => Partial<NoInfer<TVariables>>) | undefined;
  /**
   * Asks for the missing rows, oldest first, in the shape of the subscription's data. The answer may come in parts, may overlap with rows before and
   * behind the gap, and may stop short: `recover` asks again for the rest. `null` and `undefined` mean that the rows cannot be had. Needs `key`.
   *
   * Rows of the answer before the first row of the stream, and rows in gaps that have stayed, are not emitted. An answer in which no row is known counts as one
   * that begins right behind `last`.
   */
  backfill?:
    ((missing: Missing<TRow>) => ObservableInput<NoInfer<TData>> | null | undefined) | undefined;
  /** The value by which a row is recognised: each is emitted once. If it throws on a row of the subscription, the stream errors with that. */
  key?: ((row: TRow) => string | number | bigint) | undefined;
  /**
   * Rows that were handled before, oldest first: by an earlier process, or before a `retry`. The stream begins behind the last of them, and emits
   * none of them if there is a `key`. It is called at each subscription.
   */
  handled?: (() => Iterable<TRow>) | undefined;
  /**
   * The latest keys that are remembered, besides those of a backfill under way; twice as many are kept at most. An answer must not overlap by more rows.
   *
   * @defaultValue `10_000`
   */
  remember?: number | undefined;
  /** The number of live rows that are held during a backfill. Older ones are missing again. @defaultValue `10_000` */
  buffer?: number | undefined;
  /** ms without a recovered row after which a gap stays. @defaultValue `30_000` */
  timeout?: number | undefined;
}

export const checks: Checks<RecoverOptions<unknown, unknown, unknown>> = {
  rows: isFunction,
  resume: isFunction,
  backfill: isFunction,
  key: isFunction,
  handled: isFunction,
  remember: isCount,
  buffer: isCount,
  timeout: isCount,
  // `subscribe$` checks these
  errorPolicy: Object,
  onServerComplete: Object,
};
