/** A feed of numbered rows. Row k exists from `start + k · every` on, whether anybody is there to receive it or not. */
export interface FeedOptions {
  /** ms between two rows, 0.01 at the least. */
  readonly every: number;
  /**
   * Makes a row. It is made anew for each client and must always be the same: all that is random in it comes from `random`, which is
   * seeded by the server's `seed` and the number. `at` is when the row came to exist, in ms since the epoch. If it throws, that fails the
   * operation, which is told the number of the row and why.
   *
   * @defaultValue `(number) => ({ number })`
   */
  readonly row?: ((number: number, random: () => number, at: number) => unknown) | undefined;
  /**
   * Finds the number in a row that a client received: the way back from `row`.
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
   * Rows of a batch, the block of a chain, say: they are sent in one result, when the last of them exists.
   *
   * @defaultValue 1
   */
  readonly perMessage?: number | undefined;
  /**
   * Rows that one result of a subscription holds at most. The rest of its batch never reaches that client.
   *
   * @defaultValue 800
   */
  readonly limit?: number | undefined;
  /**
   * When row 0 exists, in ms since the epoch. With the same `start` and `seed` another server has the same feed. A recent one is best: of
   * more than a million rows at once, whoever asks for them is told to ask for fewer.
   *
   * @defaultValue when the server was made; `stop()` and `start()` do not change it
   */
  readonly start?: number | undefined;
  /**
   * Whether a subscription with a number as `variables.after` first gets the rows after that one, a million at most: it fails if there are more.
   * Otherwise there are only rows from now on.
   *
   * @defaultValue false
   */
  readonly replay?: boolean | undefined;
}
