/**
 * The client of the library graphql-ws, for code that takes one: Apollo's `GraphQLWsLink`, urql, Relay, GraphiQL.
 * @packageDocumentation
 */
export { toGraphQLWsClient } from './to-graphql-ws-client.js';
export type {
  GraphQLWsClient,
  GraphQLWsCloseEvent,
  GraphQLWsListeners,
  GraphQLWsMessage,
  GraphQLWsRequest,
  GraphQLWsResult,
  GraphQLWsSink,
  GraphQLWsSocket,
} from './client.js';
