/** The properties of an error that tell what has failed, and hold no options. */
const telling: readonly PropertyKey[] = [
  ...[
    'name',
    'message',
    'stack',
    'code',
    'errno',
    'syscall',
    'address',
    'port',
    'host',
    'hostname',
  ],
  ...['library', 'reason', 'function', 'opensslErrorStack'],
];

/**
 * The error itself if it has no further properties, else a copy without them. An agent may hang its options on its errors, with the
 * password of a proxy among them; so may a socket that an agent made.
 */
export function plainCause(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const isPlain = (key: PropertyKey) =>
    telling.includes(key) && Object(error[key as keyof Error]) !== error[key as keyof Error];
  const keys = Reflect.ownKeys(error);
  const { errors } = error as { errors?: unknown };
  if (keys.every(isPlain)) return error;
  const copy = new Error(error.message);
  for (const key of keys.filter(isPlain)) {
    Object.defineProperty(
      copy,
      key,
      Object.getOwnPropertyDescriptor(error, key) as PropertyDescriptor,
    );
  }
  // one for each address of a host
  return Array.isArray(errors) ? Object.assign(copy, { errors: errors.map(plainCause) }) : copy;
}
