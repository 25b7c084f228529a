/**
 * A GraphQL server over WebSocket for tests and demos: Node only, nothing but `ws`.
 *
 * @packageDocumentation
 */
export { graphqlTestServer } from './server/graphql-test-server.js';
export type { GraphQLTestServer } from './server/graphql-test-server.js';
export type { GraphQLTestServerOptions } from './server/graphql-test-server-options.js';
export type {
  ConnectionContext,
  OperationHandler,
  OperationRequest,
} from './server/operation-handler.js';
export type {
  ConnectVerdict,
  Eventually,
  HttpRefusal,
  Rejection,
  UpgradeRequest,
  UpgradeVerdict,
} from './server/verdict.js';
export type { Ledger } from './server/ledger.js';
export type { LedgerEntry, LedgerEntryOf, LiveOperation } from './server/ledger-entry.js';
export type { Peer } from './server/peer.js';
export type { Subprotocol } from './server/dialect.js';
export type { Frame, WireMessage } from './server/wire-message.js';
