import type { WireMessage } from '../wire-message.js';

/** The part of a protocol that odd messages are made with. */
export interface Wording {
  /** The type of a result. */
  readonly result: string;
  heartbeat(type: 'ping' | 'pong', payload: unknown): WireMessage;
}
