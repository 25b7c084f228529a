/** One thing that was measured. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The greatest value that is good enough; without it the figure is for information. */
  readonly limit?: number;
}

/** How much of it there is to be. */
interface Scale {
  /** A few seconds, for every run of the tests, instead of the sizes that the targets speak of. */
  readonly short: boolean;
}

/** Something that goes on for long, or is done often. It runs in a process of its own. */
export type Scenario = (scale: Scale) => Promise<readonly Figure[]>;

export const mebibyte = 2 ** 20;

export function figure(what: string, value: number, unit = '', limit?: number): Figure {
  return { what, value, unit, ...(limit !== undefined && { limit }) };
}

/** Something of which there may be nothing. */
export function none(what: string, value: number | boolean): Figure {
  return figure(what, Number(value), '', 0);
}

/** Whether a figure is as it must be. What could not be measured is not. */
export function isGood({ value, limit }: Figure): boolean {
  return limit === undefined || value <= limit;
}
