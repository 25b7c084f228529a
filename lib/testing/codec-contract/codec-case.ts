/** One promise of a codec, as a test: any runner's. */
export interface CodecCase {
  /** What is promised, in the words of a test's name. No two of a list are alike, and it does not change between runs: skip a case by it. */
  readonly name: string;
  /**
   * Synchronous, needs no `this`.
   *
   * @throws Error - the promise is broken; the message shows what was called, what was expected and what came. `expected` and `actual`
   * are texts, for runners that print a difference.
   */
  readonly run: () => void;
}
