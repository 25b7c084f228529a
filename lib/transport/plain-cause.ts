/** The properties of an error that tell what has failed, and hold no options. */
const telling: readonly string[] = [
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
  const shown = shownOf(error);
  const isPlain = Reflect.ownKeys(error).every(
    (key) => Object.hasOwn(shown, key) && shown[key as string] === error[key as keyof Error],
  );
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

/** The telling properties that are no objects, without the credentials in their texts. */
function shownOf(error: Error): Readonly<Record<string, unknown>> {
  const shown: Record<string, unknown> = {};
  for (const key of telling) {
    const value: unknown = error[key as keyof Error];
    if (!Object.hasOwn(error, key) || Object(value) === value) continue;
    shown[key] = typeof value === 'string' ? value.replace(credentials, '//') : value;
  }
  return shown;
}
