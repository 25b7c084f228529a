/** Registered, because both builds must know each other's gaps. JSON has no symbols: no server can forge one. */
const gap: unique symbol = Symbol.for('rx-graphql-ws.gap') as never;

/**
 * Rows may be missing here. Between two rows without a gap in between, none is missing.
 *
 * A gap has neither a count nor an outcome, because both are unknown where it stands: before the first row behind the hole. Use
 * {@link isGap} to recognise it.
 */
export interface Gap {
  readonly [gap]: true;
  /**
   * When the row before the gap came, in ms since the epoch. Without such a row it is the time of the first send. It is `undefined` at a
   * start from `handled`.
   */
  readonly since: number | undefined;
  /** When the subscription was sent again, in ms since the epoch. */
  readonly until: number;
  /** The error with which `backfill` failed. `undefined` where nothing was tried. */
  readonly error?: unknown;
}

/**
 * Whether a value of a recovered stream is a {@link Gap}.
 *
 * @example
 * ```ts
 * trades$.subscribe((trade) => (isGap(trade) ? warn(trade.since, trade.until) : show(trade)));
 * ```
 */
export function isGap(value: unknown): value is Gap {
  return (Object(value) as Partial<Gap>)[gap] === true;
}

export function createGap(since: number | undefined, until: number): Gap {
  return { [gap]: true, since, until };
}
