import type { ServerOptions } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { buildSchema, execute, subscribe } from 'graphql';
import { afterEach } from 'mocha';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SubscriptionServer } from 'subscriptions-transport-ws';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { silence } from './silence.js';

/** The hooks of a stock server that a test needs. */
export interface StockOptions extends Pick<
  ServerOptions<Record<string, unknown>, { socket: WebSocket }>,
  'onConnect' | 'onSubscribe' | 'onNext' | 'onError' | 'execute'
> {
  /** Called with each WebSocket and each message on it, before the library. */
  readonly onMessage?: (socket: WebSocket, message: Message) => void;
  readonly legacy?: boolean;
}

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: { readonly query?: string; readonly operationName?: string };
}

export interface StockServer {
  readonly url: string;
  /** The number of WebSockets that were opened. */
  readonly dials: number;
  /** Subscriptions to `quiet` and `ticks` that run, by name. */
  readonly open: ReadonlyMap<string, number>;
  /** What the clients sent. */
  readonly received: readonly Message[];
  /** Drops every WebSocket. */
  drop(): void;
}

const schema = buildSchema(/* GraphQL */ `
  directive @live on QUERY
  type Query {
    hello: String!
  }
  type Mutation {
    add: Int!
  }
  type Subscription {
    quiet(name: String): Int
    ticks(name: String): Int!
  }
`);

/** Starts servers of graphql-ws, or of subscriptions-transport-ws, that are stopped after each test of the suite. */
export function useStockServer(): (options?: StockOptions) => Promise<StockServer> {
  const running: (() => Promise<void>)[] = [];
  const { error } = console;
  afterEach(async () => {
    console.error = error;
    for (const stop of running.splice(0)) await stop();
  });
  return async (options = {}) => {
    // graphql-ws reports what the hooks throw
    console.error = () => undefined;
    const { server, stop } = await listen(options);
    running.push(stop);
    return server;
  };
}

async function listen({ onMessage, legacy, ...hooks }: StockOptions) {
  const open = new Map<string, number>();
  const received: Message[] = [];
  let dials = 0;
  const count = (name: string, by: number) => open.set(name, (open.get(name) ?? 0) + by);
  async function* ticks({ name = '' }) {
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
  const quiet = ({ name = '' }) => {
    count(name, 1);
    return silence(() => count(name, -1));
  };
  const root = { hello: () => 'world', add: () => 1, quiet, ticks };
  const wss = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    path: '/graphql',
    ...(legacy && { handleProtocols: () => 'graphql-ws' }),
  });
  wss.on('connection', (socket) => {
    dials += 1;
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      received.push(message);
      onMessage?.(socket, message);
    });
  });
  if (legacy) {
    SubscriptionServer.create(
      { schema, rootValue: root, execute: execute as never, subscribe: subscribe as never },
      wss,
    );
  } else {
    const roots = { query: root, mutation: root, subscription: root };
    useServer({ schema, roots, ...hooks } as never, wss);
  }
  await once(wss, 'listening');
  const drop = () => {
    for (const socket of wss.clients) socket.terminate();
  };
  const server: StockServer = {
    url: `ws://127.0.0.1:${(wss.address() as AddressInfo).port}/graphql`,
    get dials() {
      return dials;
    },
    open,
    received,
    drop,
  };
  const stop = async () => {
    const closed = once(wss, 'close');
    wss.close();
    drop();
    await closed;
  };
  return { server, stop };
}
