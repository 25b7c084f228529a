/** Something measured, and whether it is as it should be. */
export interface Figure {
  readonly figure: string;
  readonly measured: string | number;
  readonly target: string;
  readonly met: boolean;
}

/** What a scenario found. */
export interface Findings {
  readonly figures: readonly Figure[];
  /** Printed above the figures. */
  readonly notes: readonly string[];
  /** For the JSON alone. */
  readonly details: object;
  /** All that was logged: kept when a figure was missed. */
  readonly evidence: object;
}

/** A figure that must not be greater than its target. */
export function atMost(figure: string, measured: number, target: number, unit = ''): Figure {
  const shown = `${Math.round(measured * 100) / 100}${unit}`;
  return { figure, measured: shown, target: `≤ ${target}${unit}`, met: measured <= target };
}

/** A figure that must be its target. */
export function exactly(figure: string, measured: number, target: number): Figure {
  return { figure, measured, target: String(target), met: measured === target };
}
