import { WebSocket } from 'ws';
import type { Client, ClientSettings, CreateClient } from './client.js';
import { rxGraphqlWs } from './rx-graphql-ws.js';

/** Each has one defect that a verdict of the table must see. */
export const broken = {
  'never-gives-up': (settings) =>
    rxGraphqlWs(settings, { retry: { delay: 50, shouldRetry: () => true } }),
  swallows: (settings) =>
    changed(settings, ({ subscribe }) => ({
      subscribe: (query, observer) => subscribe(query, { ...observer, error: () => {} }),
    })),
  'gives-up': (settings) => rxGraphqlWs(settings, { retry: false }),
  'subscribes-twice': (settings) =>
    changed(settings, ({ subscribe }) => ({
      subscribe: (query, observer) => {
        const leave = [query, query].map((each) => subscribe(each, observer));
        return () => {
          for (const each of leave) each();
        };
      },
    })),
  'delivers-twice': (settings) =>
    changed(settings, ({ subscribe }) => ({
      subscribe: (query, observer) =>
        subscribe(query, {
          ...observer,
          next: (data) => {
            observer.next(data);
            observer.next(data);
          },
        }),
    })),
  throws: (settings) => {
    setTimeout(() => {
      throw new Error('thrown on purpose');
    }, 100);
    return rxGraphqlWs(settings);
  },
  rejects: (settings) => {
    void Promise.reject(new Error('rejected on purpose'));
    return rxGraphqlWs(settings);
  },
  'never-ends': (settings) => {
    setInterval(() => {}, 1_000);
    return rxGraphqlWs(settings);
  },
  hangs: (settings) => {
    setTimeout(() => {
      for (;;);
    }, 100);
    return rxGraphqlWs(settings);
  },
  tells: (settings) => {
    const other = new WebSocket(settings.url, 'graphql-transport-ws');
    other.on('open', () => other.close(4000, JSON.stringify(settings.connectionParams)));
    return rxGraphqlWs(settings);
  },
  'keeps-a-socket': (settings) => {
    const other = new WebSocket(settings.url, 'graphql-transport-ws');
    other.on('open', () => other.send('{"type":"connection_init"}'));
    return rxGraphqlWs(settings);
  },
} satisfies Record<string, CreateClient>;

function changed(settings: ClientSettings, change: (client: Client) => Partial<Client>): Client {
  const client = rxGraphqlWs(settings);
  return { ...client, ...change(client) };
}
