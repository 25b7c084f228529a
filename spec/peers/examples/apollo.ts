import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { ApolloLink } from '@apollo/client/link';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { getMainDefinition } from '@apollo/client/utilities';
import { graphqlSocket } from 'rx-graphql-ws';
import { toGraphQLWsClient } from 'rx-graphql-ws/graphql-ws';

export function apolloClient(url: string) {
  const socket = graphqlSocket({ url, linger: 1_000 });
  const isSubscription = ({ query }: ApolloLink.Operation) => {
    const definition = getMainDefinition(query);
    return definition.kind === 'OperationDefinition' && definition.operation === 'subscription';
  };
  const link = ApolloLink.split(
    isSubscription,
    new GraphQLWsLink(toGraphQLWsClient(socket)),
    new HttpLink({ uri: url.replace('ws', 'http') }),
  );
  return new ApolloClient({ link, cache: new InMemoryCache() });
}
