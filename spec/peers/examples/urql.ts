import { cacheExchange, Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { graphqlSocket } from 'rx-graphql-ws';
import { toGraphQLWsClient } from 'rx-graphql-ws/graphql-ws';

export function urqlClient(url: string) {
  const client = toGraphQLWsClient(graphqlSocket({ url, linger: 1_000 }));
  const subscriptions = subscriptionExchange({
    forwardSubscription: (request) => ({
      subscribe: (sink) => ({
        unsubscribe: client.subscribe({ ...request, query: request.query ?? '' }, sink),
      }),
    }),
  });
  return new Client({
    url: url.replace('ws', 'http'),
    preferGetMethod: false,
    exchanges: [cacheExchange, fetchExchange, subscriptions],
  });
}
