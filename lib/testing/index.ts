/**
 * Test doubles for code that uses `rx-graphql-ws`, without Node's modules: for mocha, Jest, Vitest, Karma, in a browser too.
 *
 * @packageDocumentation
 */
export { fakeSocket } from './fake-socket.js';
export type { FakeSocket, FakeSocketOptions } from './fake-socket.js';
export type { FakeOperation, FakePeer, FakePeerControls, OperationRef } from './fake-peer.js';
export type { ClientClose } from './fake-web-socket.js';
export type { SentMessage } from './sent-message.js';
export { marbleSocket } from './marble-socket.js';
export type { MarbleSocket, MarbleSocketOptions } from './marble-socket.js';
export type { MarbleResult, MarbleValue, MarbleValues } from './marble-value.js';
export { marbleEqual } from './marble-equal.js';
