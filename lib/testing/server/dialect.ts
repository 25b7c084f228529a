import type { GraphQLFormattedError } from 'rx-graphql-ws';
import type { Peer } from './peer.js';
import type { Rejection } from './verdict.js';
import type { WireMessage } from './wire-message.js';

/** The names that go into `Sec-WebSocket-Protocol`: `graphql-ws` is the legacy Apollo protocol. */
export type Subprotocol = 'graphql-transport-ws' | 'graphql-ws';

/** What a client's message asks for, whatever the protocol calls it. */
export type Verb = 'init' | 'subscribe' | 'stop' | 'ping' | 'pong' | 'terminate';

/** One protocol as a server speaks it. All that differs between the two is here. */
export interface Dialect {
  readonly subprotocol: Subprotocol;
  readonly verbs: ReadonlyMap<string, Verb>;
  /** The type of a result: `next` or `data`. */
  readonly result: string;
  /** Whether the first heartbeat comes with the ack, and not one interval later. */
  readonly beatsAtOnce: boolean;
  /** Whether a second `connection_init` is answered like the first; otherwise 4429. */
  readonly acknowledgesAgain: boolean;
  /** Whether a new operation takes the place of a live one of the same id; otherwise 4409. */
  readonly replaces: boolean;
  /** Whether the client's end of an operation is answered with `complete`. */
  readonly acknowledgesStop: boolean;
  heartbeat(type: 'ping' | 'pong', payload: unknown): WireMessage;
  error(id: string, errors: readonly GraphQLFormattedError[]): WireMessage;
  /** Turns the client away at the handshake. */
  refuse(peer: Peer, rejection: Rejection): void;
  /** Answers what is not a message of the protocol. */
  malformed(peer: Peer, why: string): void;
  /** Answers an operation without a request in it. */
  badRequest(peer: Peer, id: string): void;
}
