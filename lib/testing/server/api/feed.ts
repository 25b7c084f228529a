/** Rows by their numbers, both included. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Options of a feed of numbered rows. Row k exists from `start + k · every` on, whether or not a client receives it. */
export interface FeedOptions {
  /** ms between two rows, at least 0.01. */
  readonly every: number;
  /**
   * Makes a row, for each client anew: each call must return the same row, so draw random values from `random`, which is seeded by the
   * server's `seed` and the number. `at` is in ms since the epoch. A throw fails the operation. @defaultValue `(number) => ({ number })`
   */
  readonly row?: ((number: number, random: () => number, at: number) => unknown) | undefined;
  /** Finds the number in a row that a client received. @defaultValue the row's `number` */
  readonly number?: ((row: never) => number) | undefined;
  /** The root field: results are `{ data: { [field]: rows } }`. @defaultValue `'rows'` */
  readonly field?: string | undefined;
  /** Rows of a batch, such as the block of a chain. A subscription gets a batch in one result, when its last row exists. @defaultValue 1 */
  readonly perMessage?: number | undefined;
  /** The most rows in one result of a subscription. A subscriber never receives the rest of the batch. @defaultValue 800 */
  readonly limit?: number | undefined;
  /**
   * When row 0 exists, in ms since the epoch. Two servers with the same `start` and `seed` have the same feed. A request for more than a
   * million rows fails. @defaultValue when the server was made
   */
  readonly start?: number | undefined;
  /**
   * Whether a subscription takes a cursor, and how: it begins with the first row that its variables `after`, `from` and `since` ask for, as in
   * a query. @defaultValue false: a subscription gets only rows to come
   */
  readonly replay?: boolean | ReplayOptions | undefined;
}

/** How a subscription takes up a feed. */
export interface ReplayOptions {
  /** Whether the row at a cursor comes again: that with the number `after`, or with the time `since`. @defaultValue `after`: no, `since`: yes */
  readonly inclusive?: boolean | undefined;
  /** ms: a cursor to an older row fails with `CURSOR_TOO_OLD` as `extensions.code`; `false` for no limit. @defaultValue false */
  readonly horizon?: number | false | undefined;
}

/** The rows that a client received, compared with the rows of the feed. All lists hold numbers of rows within the compared range. */
export interface Comparison {
  /** The rows that exist, ascending. */
  readonly sent: readonly number[];
  /** The rows that the client received, in its order. */
  readonly received: readonly number[];
  /** Rows that exist and were not received, ascending. */
  readonly missing: readonly number[];
  /** Rows that were received again, once for each repetition. */
  readonly duplicate: readonly number[];
  /** Rows that came for the first time after a greater one. */
  readonly outOfOrder: readonly number[];
}

/** The rows of a feed. Faults do not change them. */
export interface Truth {
  /** Lists the numbers of the rows that exist so far, ascending; of all without a range. @throws RangeError for more than a million */
  sent(range?: RowRange): readonly number[];
  /**
   * Compares the rows that a client received with the rows that exist.
   * @param received - rows or their numbers, in the order of their arrival
   * @param range - default from the smallest to the greatest number received
   * @throws Error when a row has no number or does not exist
   * @throws RangeError for more than a million rows
   */
  compare(received: readonly unknown[], range?: RowRange): Comparison;
}
