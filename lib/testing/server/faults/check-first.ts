/** Checks of the arguments of some functions, each of which throws a TypeError. */
export type ArgumentChecks<F> = {
  readonly [K in keyof F]?: F[K] extends (...args: infer Args extends never[]) => unknown
    ? (...args: Args) => void
    : never;
};

type Functions<F> = Readonly<Record<keyof F, (...args: readonly unknown[]) => unknown>>;

/**
 * The same functions, which check their arguments first.
 *
 * @param functions - without any `this`
 * @param checks - of those that have one
 */
export function checkFirst<F extends object>(functions: F, checks: ArgumentChecks<F>): F {
  const act = functions as Functions<F>;
  const check = checks as Partial<Functions<F>>;
  const checked = (Object.keys(act) as (keyof F)[]).map((name) => [
    name,
    (...args: readonly unknown[]) => {
      check[name]?.(...args);
      return act[name](...args);
    },
  ]);
  return Object.fromEntries(checked) as F;
}
