import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { graphqlSocket } from 'rx-graphql-ws';
import { toGraphQLWsClient } from 'rx-graphql-ws/graphql-ws';

export function apolloClient(url: string) {
  const socket = graphqlSocket({ url, linger: 1_000 });
  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(toGraphQLWsClient(socket)),
    new HttpLink({ uri: url.replace('ws', 'http') }),
  );
  return new ApolloClient({ link, cache: new InMemoryCache() });
}
