import type { GraphQLFormattedError } from 'rx-graphql-ws';
import type { Peer } from './peer.js';
import type { Rejection } from './verdict.js';
import type { WireMessage } from './wire-message.js';

/** The names that go into `Sec-WebSocket-Protocol`: `graphql-ws` is the legacy Apollo protocol. */
export type Subprotocol = 'graphql-transport-ws' | 'graphql-ws';

/** The purpose of a client's message, under one name for both protocols. */
export type Verb = 'init' | 'subscribe' | 'stop' | 'ping' | 'pong' | 'terminate';

/** One protocol as the server speaks it. All differences between the two are here. */
export interface Dialect {
  readonly subprotocol: Subprotocol;
  readonly verbs: ReadonlyMap<string, Verb>;
  /** The type of a result: `next` or `data`. */
  readonly result: string;
  /** Whether the first heartbeat follows the ack at once, instead of one interval later. */
  readonly beatsAtOnce: boolean;
  /** Whether the server acknowledges a second `connection_init`; otherwise it closes with 4429. */
  readonly acknowledgesAgain: boolean;
  /** Whether a new operation replaces a live one with the same id; otherwise the server closes with 4409. */
  readonly replaces: boolean;
  /** Whether the server answers the client's end of an operation with `complete`. */
  readonly acknowledgesStop: boolean;
  heartbeat(type: 'ping' | 'pong', payload: unknown): WireMessage;
  error(id: string, errors: readonly GraphQLFormattedError[]): WireMessage;
  /** Refuses a handshake. */
  refuse(peer: Peer, rejection: Rejection): void;
  /** Answers a frame that is not a message of the protocol. */
  malformed(peer: Peer, reason: string): void;
  /** Answers an operation without a document. */
  badRequest(peer: Peer, id: string): void;
}

/** graphql-transport-ws, after PROTOCOL.md of the library graphql-ws. */
export const currentDialect: Dialect = {
  subprotocol: 'graphql-transport-ws',
  verbs: new Map([
    ['connection_init', 'init'],
    ['subscribe', 'subscribe'],
    ['complete', 'stop'],
    ['ping', 'ping'],
    ['pong', 'pong'],
  ]),
  result: 'next',
  beatsAtOnce: false,
  acknowledgesAgain: false,
  replaces: false,
  acknowledgesStop: false,
  heartbeat: (type, payload) => ({ type, payload }),
  error: (id, errors) => ({ id, type: 'error', payload: errors }),
  refuse: (peer, { code = 4403, reason = 'Forbidden' }) => {
    if (code !== false) peer.close(code, reason);
  },
  malformed: (peer, reason) => peer.close(4400, reason),
  badRequest: (peer) => peer.close(4400, 'Invalid message'),
};

/** The legacy Apollo protocol `graphql-ws`, as the server of subscriptions-transport-ws 0.11 speaks it. */
export const legacyDialect: Dialect = {
  subprotocol: 'graphql-ws',
  verbs: new Map([
    ['connection_init', 'init'],
    ['start', 'subscribe'],
    ['stop', 'stop'],
    ['connection_terminate', 'terminate'],
  ]),
  result: 'data',
  beatsAtOnce: true,
  acknowledgesAgain: true,
  replaces: true,
  acknowledgesStop: true,
  heartbeat: () => ({ type: 'ka' }),
  error: (id, [error]) => ({ id, type: 'error', payload: error }),
  refuse: (peer, { reject, code = 1011, reason = 'Forbidden' }) => {
    peer.send({ type: 'connection_error', payload: reject });
    if (code !== false) peer.close(code, reason);
  },
  // The Apollo server leaves the socket open and names no operation.
  malformed: (peer, reason) => peer.send({ type: 'error', payload: { message: reason } }),
  badRequest: (peer, id) =>
    peer.send({ id, type: 'error', payload: { message: 'Must provide document' } }),
};
