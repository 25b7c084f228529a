/** What is known of an error besides, and is nobody's to read. */
type Mark =
  /** Another attempt will hardly change it. */
  | 'misconfiguration'
  /** It suggests a broken server. */
  | 'strike'
  /** The operation that it is given to is the reason, not only a victim. */
  | 'culprit';

const marks = Symbol.for('rx-graphql-ws.mark');

/** Marks an error; the last mark counts. */
export function marked<T extends object>(error: T, value: Mark): T {
  return Object.defineProperty(error, marks, { value, configurable: true });
}

export function isMarked(error: unknown, mark: Mark): boolean {
  return (Object(error) as { [marks]?: unknown })[marks] === mark;
}

/** Whether the attempt failed over something that another attempt will hardly change (see reconnect). */
export function isMisconfiguration(error: unknown): boolean {
  const { name, kind } = Object(error) as { name?: unknown; kind?: unknown };
  return (
    isMarked(error, 'misconfiguration') || name === 'ConfigurationError' || kind === 'subprotocol'
  );
}
