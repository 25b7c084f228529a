/**
 * Exponential backoff with full jitter: retry n waits random(0, min(max, initial · 2ⁿ⁻¹)) ms. Takes `(error, attempt)`, attempt 1
 * being the first retry, so that rxjs' own `retry({ delay: (error, n) => timer(backoff(error, n)) })` can use it as well.
 *
 * @param options - `initial` and `max` in ms; `jitter: 'none'` waits the bound itself; `random` in place of `Math.random`
 * @defaultValue `{ initial: 500, max: 20_000, jitter: 'full' }`
 *
 * @example
 * ```ts
 * graphqlSocket({ url, retry: { delay: exponentialBackoff({ initial: 1_000, max: 60_000 }) } });
 * ```
 */
export function exponentialBackoff(
  options: {
    initial?: number | undefined;
    max?: number | undefined;
    jitter?: 'full' | 'none' | undefined;
    random?: (() => number) | undefined;
  } = {},
): (error: unknown, attempt: number) => number {
  const { initial = 500, max = 20_000, jitter = 'full', random = Math.random } = options;
  return (_error, attempt) => {
    const bound = Math.min(max, initial * 2 ** Math.min(attempt - 1, 1_000));
    return jitter === 'none' ? bound : random() * bound;
  };
}
