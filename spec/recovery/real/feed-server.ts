import { useServer } from 'graphql-ws/use/ws';
import { buildSchema, execute, subscribe } from 'graphql';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SubscriptionServer } from 'subscriptions-transport-ws';
import { WebSocketServer } from 'ws';

/** ms between two rows. */
const every = 10;
/** ms from the first operation on a connection until the server drops it. */
const lifetime = 300;

const schema = buildSchema(/* GraphQL */ `
  type Query {
    rows(from: Int!, to: Int!): [Int!]!
  }
  type Subscription {
    rows(after: Int): [Int!]!
  }
`);

export const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);

export type FeedServer = Awaited<ReturnType<typeof startFeedServer>>;

/**
 * Starts a server of graphql-ws, or of subscriptions-transport-ws, with a feed of numbered rows, that drops its connections.
 *
 * @param lateness - ms: the results of an operation are late by a time of its own, which is this one at most
 */
export async function startFeedServer(
  protocol: 'graphql-transport-ws' | 'graphql-ws',
  lateness = 0,
) {
  const start = performance.now();
  const latest = (ago = 0) => Math.floor((performance.now() - start - ago) / every);
  let drops = 0;
  let isCalm = false;
  async function* rows({ after = latest() }: { after?: number }) {
    const late = Math.random() * lateness;
    for (let sent = after; ;) {
      const to = latest();
      if (late > 0) await delay(late, undefined, { ref: false });
      if (to > sent) yield { rows: range(sent + 1, to) };
      sent = Math.max(sent, to);
      await delay(every, undefined, { ref: false });
    }
  }
  const history = ({ from, to }: { from: number; to: number }) =>
    range(from, Math.min(to, latest()));
  const isLegacy = protocol === 'graphql-ws';
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    ...(isLegacy && { handleProtocols: () => 'graphql-ws' }),
  });
  server.on('connection', (socket) => {
    const timers: NodeJS.Timeout[] = [];
    socket.on('close', () => timers.forEach(clearTimeout));
    socket.on('message', (data: Buffer) => {
      const { type } = JSON.parse(data.toString()) as { type: string };
      if (isCalm || !['subscribe', 'start'].includes(type) || timers.length > 0) return;
      timers.push(
        setTimeout(() => {
          if (isCalm) return;
          drops += 1;
          socket.terminate();
        }, lifetime),
      );
    });
  });
  if (isLegacy) {
    const rootValue = { rows };
    SubscriptionServer.create(
      {
        schema,
        rootValue,
        execute: ((...given: Parameters<typeof execute>) =>
          execute({ ...(given[0] as object), rootValue: { rows: history } } as never)) as never,
        subscribe: subscribe as never,
      },
      server,
    );
  } else useServer({ schema, roots: { query: { rows: history }, subscription: { rows } } }, server);
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get drops() {
      return drops;
    },
    /** The number of the latest row, now or `ago` ms before. */
    latest,
    /** From here on no connection is dropped. */
    calm() {
      isCalm = true;
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of server.clients) socket.terminate();
      await closed;
    },
  };
}
