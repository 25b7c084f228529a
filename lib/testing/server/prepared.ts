/** Faults in two steps: a call checks its arguments and returns the act. `script()` checks a step when it is added, and acts later. */
export type Prepared<F> = {
  readonly [K in keyof F]: F[K] extends (
    ...args: infer Args extends readonly unknown[]
  ) => infer Result
    ? (...args: Args) => () => Result
    : never;
};

/** Turns prepared faults into methods that check and act at once. */
export function perform<F>(prepared: Prepared<F>): F {
  return mapPrepared(prepared, (act) => act()) as F;
}

/** Turns each prepared fault into a method that hands its act to `run`. */
export function mapPrepared(
  prepared: object,
  run: (act: () => unknown) => unknown,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(prepared) as [string, (...args: unknown[]) => () => unknown][];
  return Object.fromEntries(
    entries.map(([name, prepare]) => [name, (...args: unknown[]) => run(prepare(...args))]),
  );
}
