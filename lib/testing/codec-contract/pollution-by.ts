/**
 * Runs, takes from Object.prototype what has come to it meanwhile, and tells the names. A codec that merges what it reads would
 * otherwise be known by the failures of whatever is tested next.
 */
export function pollutionBy(run: () => void): readonly string[] {
  const known = Reflect.ownKeys(Object.prototype);
  let added: readonly PropertyKey[] = [];
  try {
    run();
  } finally {
    added = Reflect.ownKeys(Object.prototype).filter((key) => !known.includes(key));
    for (const key of added) Reflect.deleteProperty(Object.prototype, key);
  }
  return added.map(String);
}
