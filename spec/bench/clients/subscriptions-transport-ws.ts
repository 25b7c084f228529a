import { SubscriptionClient } from 'subscriptions-transport-ws';
import { type FeedVariables, mutation, subscription } from '../feed.js';
import { type Connect, fail, plainWebSocket, type Results, unsupported } from './bench-client.js';

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
