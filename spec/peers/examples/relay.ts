import {
  Environment,
  Network,
  Observable,
  RecordSource,
  Store,
  type GraphQLResponse,
  type RequestParameters,
  type Variables,
} from 'relay-runtime';
import { graphqlSocket } from 'rx-graphql-ws';
import { toGraphQLWsClient, type GraphQLWsSink } from 'rx-graphql-ws/graphql-ws';

export function relayEnvironment(url: string) {
  const client = toGraphQLWsClient(graphqlSocket({ url, linger: 1_000 }));
  const run = ({ name, text }: RequestParameters, variables: Variables) =>
    Observable.create<GraphQLResponse>((sink) =>
      client.subscribe(
        { operationName: name, query: text ?? '', variables },
        sink as GraphQLWsSink<unknown>,
      ),
    );
  return new Environment({
    network: Network.create(run, run),
    store: new Store(new RecordSource()),
  });
}
