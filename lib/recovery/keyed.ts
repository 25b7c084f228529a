/** The value by which a row is recognised. */
export type Key = string | number | bigint;

/** A row and its key. */
export interface Keyed<TRow> {
  readonly row: TRow;
  readonly key: Key;
}
