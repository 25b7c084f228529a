/** Rows by their numbers, both included. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}
