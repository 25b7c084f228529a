/**
 * A GraphQL server over WebSocket for tests and demos in Node. Its only dependency is `ws`.
 * @packageDocumentation
 */

export type { BackfillOptions, PostRequest } from './server/backfill/answer-post.js';
export {
  type GeneratedCertificate,
  type KeyPair,
  testCertificates,
  type TestCertificates,
  type TestTlsOptions,
} from './server/certificates.js';
export type { Subprotocol } from './server/dialects.js';
export type { FaultScript } from './server/fault-script.js';
export type { FeedOptions, ReplayOptions, RowRange } from './server/feed/rows.js';
export type { Comparison, Truth } from './server/feed/truth.js';
export { graphqlTestServer } from './server/create-server.js';
export type {
  BilledStream,
  LedgerCounts,
  LedgerEntry,
  LedgerEntryOf,
  LiveOperation,
  LiveSocket,
} from './server/ledger-entry.js';
export type { Ledger, LedgerAwaits, LedgerOptions } from './server/ledger.js';
export type {
  ConnectionContext,
  OperationHandler,
  OperationRequest,
} from './server/operation-handler.js';
export type { GraphQLTestServerOptions } from './server/options.js';
export type { Peer } from './server/peer.js';
export { replayServer, type ReplayServerOptions } from './server/replay-server.js';
export { seededRandom } from './server/seeded-random.js';
export type {
  ArrivalFaults,
  ServerFaults,
  SocketFaults,
  Throttle,
  TokenControls,
} from './server/server-faults.js';
export type { GraphQLTestServer } from './server/test-server.js';
export type { TokenOptions } from './server/tokens.js';
export type {
  ConnectVerdict,
  Eventually,
  HttpRefusal,
  Rejection,
  UpgradeRequest,
  UpgradeVerdict,
} from './server/verdict.js';
export type { Frame, WireMessage } from './server/wire-message.js';
