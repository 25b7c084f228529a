import { SubscriptionClient } from 'subscriptions-transport-ws';
import { mutation, subscription, type FeedVariables } from '../feed.js';
import { fail, unsupported, type Connect, type Results } from './bench-client.js';
import { plainWebSocket } from './plain-web-socket.js';

export const connectSubscriptionsTransportWs: Connect = ({ url, legacy }) => {
  if (!legacy) unsupported();
  const client = new SubscriptionClient(url, { reconnect: true }, plainWebSocket);
  const run = (query: string, variables: FeedVariables, { next, complete }: Results) => {
    client.request({ query, variables: { ...variables } }).subscribe({
      next: ({ data }) => next(data),
      error: fail,
      complete,
    });
  };
  return {
    subscribe(variables, mode, results) {
      if (mode !== 'all') unsupported();
      run(subscription, variables, results);
      return unsupported;
    },
    mutate(variables, results) {
      run(mutation, variables, results);
    },
    close: () => client.close(),
  };
};
