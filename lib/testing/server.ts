/**
 * A GraphQL server over WebSocket for tests and demos in Node. Its only dependency is `ws`.
 * @packageDocumentation
 */

export type * from './server/api/feed.js';
export type * from './server/api/ledger.js';
export type * from './server/api/peer.js';
export type * from './server/api/options.js';
export type * from './server/api/server.js';
export {
  type GeneratedCertificate,
  type KeyPair,
  testCertificates,
  type TestCertificates,
  type TestTlsOptions,
} from './server/certificates.js';
export { graphqlTestServer } from './server/create-server.js';
export { replayServer, type ReplayServerOptions } from './server/replay-server.js';
export { seededRandom } from './server/seeded-random.js';
