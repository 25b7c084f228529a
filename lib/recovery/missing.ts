/** The question to `backfill`. */
export interface Missing<TRow> {
  /** The row before the gap; when the same gap is asked for again, the last row that was recovered. `undefined`: there was none. */
  readonly last: TRow | undefined;
  /** The first live row behind the gap, if there is one yet. The answer must reach it. */
  readonly first: TRow | undefined;
  /** As in the `Gap`: ms since the epoch. */
  readonly since: number | undefined;
  /** As in the `Gap`: ms since the epoch. */
  readonly until: number;
}
