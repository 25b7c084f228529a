import type { Eventually, UpgradeRequest, UpgradeVerdict } from '../verdict.js';

/** Options for the answers to `POST /graphql`. */
export interface BackfillOptions {
  /**
   * ms until the answer: a number, or the least and the most of a random time, drawn by the server's `seed`.
   *
   * @defaultValue 0
   */
  readonly latency?: number | readonly [least: number, most: number] | undefined;
  /**
   * ms: an answer holds no older rows of a feed; `false` for no limit.
   *
   * @defaultValue false
   */
  readonly horizon?: number | false | undefined;
  /**
   * The most rows of a feed in one answer, the first of those asked for; `false` for no limit. A request for more than a million rows
   * fails.
   *
   * @defaultValue 25000
   */
  readonly maxRows?: number | false | undefined;
  /**
   * Decides on a POST: nothing or `true` answers it, `false` refuses it with 401, a throw with 500. Any other value also answers 500, and
   * `finished()` and `stop()` reject.
   *
   * @defaultValue every POST is answered
   */
  readonly authorize?:
    ((request: Pick<UpgradeRequest, 'url' | 'headers'>) => Eventually<UpgradeVerdict>) | undefined;
}
