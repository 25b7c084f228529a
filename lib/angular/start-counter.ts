/** Equal operations that may start within {@link windowMs}. */
const limit = 50;
const windowMs = 1_000;

/**
 * For development: warns once when the same document with equal variables is subscribed to more often than {@link limit} within a second
 * without `share`. The likely cause is a call in a template, because it makes another Observable at each change detection.
 */
export function createStartCounter() {
  const tooMany = createLimiter();
  let warned = false;

  return ([request, options]: readonly unknown[]) => {
    if (warned || (options as { share?: unknown } | undefined)?.share) return;
    const { query = request, variables } = Object(request) as Operation;
    const key = keyOf([query, variables]);
    warned = tooMany(key);
    if (warned) warn(textOf(query) ?? key);
  };
}

interface Operation {
  readonly query?: unknown;
  readonly variables?: unknown;
}

/** The text of a document that was parsed. */
function textOf(query: unknown): string | undefined {
  return (query as { loc?: { source?: { body?: string } } }).loc?.source?.body;
}

function warn(text: string): void {
  console.warn(
    `rx-graphql-ws: more than ${limit} equal operations were started within a second: ${text.slice(0, 200)}\n` +
      'The likely cause is a template, or a getter for it, that calls the method: each change detection starts an operation. ' +
      'Call the method once, in a field or by injectSubscription(), or give it `share: true`.',
  );
}

/** Counts by key. It returns whether a key was counted more often than {@link limit} within {@link windowMs}. */
function createLimiter() {
  const starts = new Map<string, { count: number; readonly since: number }>();
  return (key: string): boolean => {
    const now = Date.now();
    // the oldest are first; those of the last second are enough
    for (const [known, { since }] of starts) {
      if (now - since < windowMs) break;
      starts.delete(known);
    }
    const start = starts.get(key) ?? { count: 0, since: now };
    starts.set(key, start);
    start.count += 1;
    if (start.count <= limit) return false;
    starts.clear();
    return true;
  };
}

let others = 0;

/** Equal for equal operations. Variables that are no JSON get a key of their own. */
function keyOf(operation: readonly unknown[]): string {
  try {
    return JSON.stringify(operation);
  } catch {
    return String((others += 1));
  }
}
