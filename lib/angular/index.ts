/**
 * GraphQL sockets in Angular 20 or newer: providers, signals, and rules for zones and for the server. Functions and tokens only.
 *
 * @packageDocumentation
 */
export type { GraphQLSocketFeature } from './provide-graphql-socket.js';
export {
  GRAPHQL_SOCKET,
  injectGraphQLSocket,
  provideGraphQLSocket,
  withToken,
} from './provide-graphql-socket.js';
export type {
  InjectSubscriptionOptions,
  SubscriptionSignals,
  SubscriptionStatus,
} from './inject-subscription.js';
export { injectSubscription } from './inject-subscription.js';
export { inBrowser } from './server.js';
export { outsideZone } from './zone.js';
