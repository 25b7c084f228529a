/** The properties of an error that tell what has failed, and hold no options. */
const telling: readonly PropertyKey[] = [
  ...['name', 'message', 'stack', 'code', 'errno', 'syscall', 'address', 'port', 'host'],
  ...['hostname', 'library', 'reason', 'function', 'opensslErrorStack'],
];

/** User and password of a URL, with the slashes before them. */
const credentials = /\/\/[^\s/@]+@/g;

/**
 * The error itself if it has no further properties, else a copy without them. An agent may hang its options on its errors, or quote the URL of
 * its proxy, with a password among them.
 */
export function plainCause(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const shown: Record<PropertyKey, unknown> = {};
  let isPlain = true;
  for (const key of Reflect.ownKeys(error)) {
    const value: unknown = error[key as keyof Error];
    const kept = telling.includes(key) && Object(value) !== value;
    if (kept) shown[key] = typeof value === 'string' ? value.replace(credentials, '//') : value;
    if (!kept || shown[key] !== value) isPlain = false;
  }
  if (isPlain) return error;
  const copy = new Error();
  for (const [key, value] of Object.entries(shown)) {
    // an error shows neither its message nor its stack as a property
    const enumerable = Object.prototype.propertyIsEnumerable.call(error, key);
    Object.defineProperty(copy, key, { value, enumerable, configurable: true, writable: true });
  }
  // one for each address of a host
  const { errors } = error as { errors?: unknown };
  return Array.isArray(errors) ? Object.assign(copy, { errors: errors.map(plainCause) }) : copy;
}
