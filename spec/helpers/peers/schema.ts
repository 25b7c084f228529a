import { buildSchema } from 'graphql';
import { setTimeout as delay } from 'node:timers/promises';

/** What the resolvers of a peer saw, over all of its restarts. */
export interface Seen {
  /** How often each field was resolved. */
  readonly calls: Map<string, number>;
  /** Fields whose subscription iterator is open, and how many. */
  readonly open: Map<string, number>;
  /** Operation ids, in the order of their arrival. */
  readonly ids: string[];
}

/** Who asks, as the peer's server found it in the upgrade headers or in the connectionParams. */
export interface Viewer {
  readonly viewer?: string | undefined;
}

export const schema = buildSchema(/* GraphQL */ `
  type Query {
    hello(name: String! = "world", times: Int! = 1): [String!]!
    slow(ms: Int!): Int!
    viewer: String
    broken: String
  }
  type Mutation {
    increment(ms: Int! = 0): Int!
  }
  type Subscription {
    countdown(from: Int!): Int!
    ticks: Int!
    viewer: String
    brokenItem: Int
    brokenIterator: Int
    refused: Int
  }
`);

export function createSeen(): Seen {
  return { calls: new Map(), open: new Map(), ids: [] };
}

/** Resolvers for {@link schema}, for graphql-js' `rootValue`. */
export function createRoot(seen: Seen) {
  let count = 0;
  const call = (field: string) => add(seen.calls, field, 1);
  /** A real async generator: the peers end it with `return()` when the client unsubscribes. */
  async function* iterate<T>(field: string, items: AsyncIterable<T>) {
    call(field);
    add(seen.open, field, 1);
    try {
      for await (const item of items) yield { [field]: item };
    } finally {
      add(seen.open, field, -1);
    }
  }
  return {
    hello({ name, times }: { name: string; times: number }) {
      call('hello');
      return Array<string>(times).fill(`hello ${name}`);
    },
    async slow({ ms }: { ms: number }) {
      call('slow');
      await delay(ms, undefined, { ref: false });
      return ms;
    },
    async increment({ ms }: { ms: number }) {
      call('increment');
      const value = (count += 1);
      await delay(ms, undefined, { ref: false });
      return value;
    },
    broken() {
      throw new Error('the resolver failed');
    },
    viewer: (_arguments: unknown, context: Viewer, { operation }: Info) =>
      operation.operation === 'subscription'
        ? iterate('viewer', once(context.viewer))
        : context.viewer,
    countdown: ({ from }: { from: number }) => iterate('countdown', countdown(from)),
    ticks: () => iterate('ticks', ticks()),
    brokenItem: () => iterate('brokenItem', brokenItems()),
    brokenIterator: () => iterate('brokenIterator', brokenIterator()),
    refused: () => Promise.reject(new Error('subscribing was refused')),
  };
}

interface Info {
  readonly operation: { readonly operation: string };
}

async function* once<T>(value: T) {
  yield await Promise.resolve(value);
}

async function* countdown(from: number) {
  for (let value = from; value >= 0; value--) yield await Promise.resolve(value);
}

async function* ticks() {
  for (let value = 0; ; value++) {
    yield value;
    await delay(5, undefined, { ref: false });
  }
}

async function* brokenItems() {
  yield 1;
  yield () => {
    throw new Error('the item failed');
  };
  yield await Promise.resolve(3);
}

async function* brokenIterator() {
  yield await Promise.resolve(1);
  throw new Error('the iterator failed');
}

function add(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
