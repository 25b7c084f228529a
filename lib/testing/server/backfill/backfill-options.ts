import type { Eventually, UpgradeRequest, UpgradeVerdict } from '../verdict.js';

/** How the server answers `POST /graphql`. */
export interface BackfillOptions {
  /**
   * ms that an answer takes. Of a pair, the least and the most: each answer takes something between, drawn by the server's `seed`.
   *
   * @defaultValue 0
   */
  readonly latency?: number | readonly [least: number, most: number] | undefined;
  /**
   * ms: rows of a feed that are older cannot be had any more; `false` = all can.
   *
   * @defaultValue false
   */
  readonly horizon?: number | false | undefined;
  /**
   * Rows of a feed in one answer, the first of those asked for; `false` = any number. Where it would be more than a
   * million, the answer is an error.
   *
   * @defaultValue 25000
   */
  readonly maxRows?: number | false | undefined;
  /**
   * Decides on a POST: nothing or `true` answers it, `false` refuses it with 401, a throw with 500. So does anything else, but
   * `finished()` and `stop()` tell of it.
   *
   * @defaultValue everything is answered
   */
  readonly authorize?:
    ((request: Pick<UpgradeRequest, 'url' | 'headers'>) => Eventually<UpgradeVerdict>) | undefined;
}
