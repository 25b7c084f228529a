import { lastValueFrom } from 'rxjs';
import type { GraphQLSocket } from 'rx-graphql-ws';
import { ConfigurationError, isGraphQLSocketError } from 'rx-graphql-ws';
import type {
  GraphQLWsClient,
  GraphQLWsRequest,
  GraphQLWsResult,
  GraphQLWsSink,
} from './client.js';
import { iterate } from './iterate.js';
import { createOn } from './listen.js';

/**
 * A socket object as a client of the library graphql-ws 6, for code that takes one: Apollo's `GraphQLWsLink`, urql's
 * `subscriptionExchange`, Relay, GraphiQL's fetcher. graphql-ws itself is not needed.
 *
 * Connections are the socket object's: reconnecting, silence, both protocols. A mutation is not sent twice, while graphql-ws sends
 * it again after a loss. An `error` message reaches `sink.error` as the array of GraphQL errors, any other failure as a `GraphQLSocketError`.
 *
 * @param socket - of `graphqlSocket()`. `dispose()` closes it, for all who use it
 * @throws ConfigurationError - `socket` is none, or a listener for an event that there is not.
 *
 * @example
 * ```ts
 * const link = new GraphQLWsLink(toGraphQLWsClient(graphqlSocket({ url: 'wss://example.org/graphql' })));
 * ```
 */
export function toGraphQLWsClient(socket: GraphQLSocket): GraphQLWsClient {
  if (typeof (Object(socket) as Partial<GraphQLSocket>).execute$ !== 'function')
    throw new ConfigurationError('socket', 'expected `socket` to be the result of graphqlSocket()');
  const subscribe = <Data, Extensions>(
    payload: GraphQLWsRequest,
    sink: GraphQLWsSink<GraphQLWsResult<Data, Extensions>>,
  ) => {
    const operation = socket.execute$<Data>(withoutNull(payload)).subscribe({
      next(result) {
        sink.next(result as GraphQLWsResult<Data, Extensions>);
      },
      error(error: unknown) {
        const isRefused = isGraphQLSocketError(error) && error.name === 'OperationError';
        sink.error(isRefused ? error.errors : error);
      },
      complete() {
        sink.complete();
      },
    });
    return () => {
      if (operation.closed) return;
      operation.unsubscribe();
      // as in graphql-ws, where the caller has the function's return first
      queueMicrotask(() => sink.complete());
    };
  };

  return {
    subscribe,
    iterate: (payload) => iterate((sink) => subscribe(payload, sink)),
    on: createOn(socket),
    async dispose() {
      socket.close();
      await lastValueFrom(socket.status$);
    },
    terminate() {
      socket.reconnect({ code: 4499, reason: 'Terminated' });
    },
  };
}

/** A field that is null or undefined is not sent. */
function withoutNull(payload: GraphQLWsRequest): { readonly query: string } {
  const given = Object.entries(payload).filter(([, value]) => value != null);
  return Object.fromEntries(given) as { query: string };
}
