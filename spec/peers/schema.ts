import { setTimeout as delay } from 'node:timers/promises';
import { silence } from '../helpers/peers/silence.js';

/** The same schema on every server. */
export const typeDefs = /* GraphQL */ `
  type Query {
    hello: String!
    fails: String
  }
  type Mutation {
    add(by: Int!): Int!
  }
  type Subscription {
    ticks(name: String!): Int!
    three: Int!
    quiet(name: String!): Int
  }
`;

/** Resolvers, and what they have seen. */
export function resolvers() {
  const running = new Map<string, number>();
  const count = (name: string, by: number) => running.set(name, (running.get(name) ?? 0) + by);
  let sum = 0;
  async function* ticks(_root: unknown, { name }: { name: string }) {
    count(name, 1);
    try {
      for (let value = 0; ; value += 1) {
        yield { ticks: value };
        await delay(20, undefined, { ref: false });
      }
    } finally {
      count(name, -1);
    }
  }
  const quiet = (_root: unknown, { name }: { name: string }) => {
    count(name, 1);
    return silence(() => count(name, -1));
  };
  async function* three() {
    for (const value of [1, 2, 3]) {
      await delay(1);
      yield { three: value };
    }
  }
  return {
    /** Streams of `ticks` that run at the server, by name. */
    running,
    map: {
      Query: {
        hello: () => 'world',
        fails() {
          throw new Error('the resolver failed');
        },
      },
      Mutation: { add: (_root: unknown, { by }: { by: number }) => (sum += by) },
      Subscription: {
        ticks: { subscribe: ticks },
        three: { subscribe: three },
        quiet: { subscribe: quiet },
      },
    },
  };
}
