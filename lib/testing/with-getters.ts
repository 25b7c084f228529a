/** Adds members that are read anew each time. */
export function withGetters<T extends object, G extends object>(
  target: T,
  getters: { readonly [K in keyof G]: () => G[K] },
): T & Readonly<G> {
  const members = Object.entries(getters).map(([name, get]) => [name, { get, enumerable: true }]);
  return Object.defineProperties(
    target,
    Object.fromEntries(members) as PropertyDescriptorMap,
  ) as T & G;
}
