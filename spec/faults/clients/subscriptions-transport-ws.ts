import { SubscriptionClient } from 'subscriptions-transport-ws';
import { WebSocket } from 'ws';
import type { Client, ClientSettings } from './client.js';

/** subscriptions-transport-ws with `reconnect`; `timeout` is its watch over the server's `ka`. */
export function subscriptionsTransportWs({ url, connectionParams }: ClientSettings): Client {
  const client = new SubscriptionClient(
    url,
    { reconnect: true, minTimeout: 500, timeout: 1_000, connectionParams },
    WebSocket,
  );
  return {
    subscribe: (query, observer) => {
      const subscription = client.request({ query }).subscribe({
        next: ({ data }) => observer.next(data),
        error: (error) => observer.error(error),
        complete: () => observer.complete(),
      });
      return () => subscription.unsubscribe();
    },
    close: () => client.close(),
  };
}
