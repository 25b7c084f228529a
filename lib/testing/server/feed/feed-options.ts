/** Options of a feed of numbered rows. Row k exists from `start + k · every` on, whether or not a client receives it. */
export interface FeedOptions {
  /** ms between two rows, at least 0.01. */
  readonly every: number;
  /**
   * Makes a row. The server calls it for each client, and each call must return the same row: draw random values from `random`, which is
   * seeded by the server's `seed` and the number. `at` is the time of the row, in ms since the epoch. A throw fails the operation, with the
   * number of the row in the message.
   *
   * @defaultValue `(number) => ({ number })`
   */
  readonly row?: ((number: number, random: () => number, at: number) => unknown) | undefined;
  /**
   * Finds the number in a row that a client received.
   *
   * @defaultValue the row's `number`
   */
  readonly number?: ((row: never) => number) | undefined;
  /**
   * The root field: results are `{ data: { [field]: rows } }`.
   *
   * @defaultValue `'rows'`
   */
  readonly field?: string | undefined;
  /**
   * Rows of a batch, such as the block of a chain. A subscription gets a batch in one result, when its last row exists.
   *
   * @defaultValue 1
   */
  readonly perMessage?: number | undefined;
  /**
   * The most rows in one result of a subscription. A subscriber never receives the rest of the batch.
   *
   * @defaultValue 800
   */
  readonly limit?: number | undefined;
  /**
   * When row 0 exists, in ms since the epoch. Two servers with the same `start` and `seed` have the same feed. A request for more than a
   * million rows fails, so an old `start` makes requests without a range fail.
   *
   * @defaultValue when the server was made; `stop()` and `start()` do not change it
   */
  readonly start?: number | undefined;
  /**
   * Whether a subscription with a number as `variables.after` first gets the rows after that one. It fails if they are more than a million.
   *
   * @defaultValue false: a subscription gets only rows to come
   */
  readonly replay?: boolean | undefined;
}
