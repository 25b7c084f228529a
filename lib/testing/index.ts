/**
 * Test doubles for code that uses `rx-graphql-ws`, without Node's modules: for mocha, Jest, Vitest, Karma, in a browser too.
 * @packageDocumentation
 */
export { fakeSocket } from './fake-socket.js';
export type { FakeSocket, FakeSocketOptions } from './fake-socket.js';
export type { FakeOperation, FakePeer, FakePeerControls, OperationRef } from './fake-peer.js';
export type { ClientClose } from './fake-web-socket.js';
export type { SentMessage } from './wire.js';
export { marbleSocket } from './marble-socket.js';
export type { MarbleSocket, MarbleSocketOptions } from './marble-socket.js';
export type { MarbleResult, MarbleValue, MarbleValues } from './marble-script.js';
export { marbleEqual } from './marble-equal.js';
export { gap } from './gap.js';
export type { GapMembers } from './gap.js';
export { record } from './record.js';
export type { RecordedSocket, RecordOptions } from './record.js';
export { replay } from './replay.js';
export type { Replay, ReplayOptions } from './replay.js';
export type { PlaybackOptions } from './recording/plan-dials.js';
export type { RecordedFrame } from './recording/recording.js';
export { GraphQLSocketTestingController } from './graphql-socket-testing-controller.js';
export type { DisconnectOptions, VerifyOptions } from './graphql-socket-testing-controller.js';
export type { OperationMatcher, OperationPattern } from './controller/operation-matcher.js';
export type { TestOperation } from './controller/test-operation.js';
export { codecContract } from './codec-contract.js';
export type {
  CodecCase,
  CodecDialect,
  SessionMessage,
  WireFrame,
} from './codec-contract/dialect.js';
