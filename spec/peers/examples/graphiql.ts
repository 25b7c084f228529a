import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { graphqlSocket } from 'rx-graphql-ws';
import { toGraphQLWsClient } from 'rx-graphql-ws/graphql-ws';

export const graphiqlFetcher = (url: string) =>
  createGraphiQLFetcher({
    url: url.replace('ws', 'http'),
    wsClient: toGraphQLWsClient(graphqlSocket({ url, linger: 1_000 })),
  });
