import type { ClientMessage, Codec } from '../../../lib/protocol/codec.js';
import type { JsonReplacer, JsonReviver } from '../../../lib/protocol/payload.js';

/** One dialect, and what the wire looks like in it. */
export interface Dialect {
  readonly create: (replacer?: JsonReplacer, reviver?: JsonReviver) => Codec;
  readonly canPing: boolean;
  /** Messages, and what is on the wire for them; undefined where there is no such message. */
  readonly sends: readonly (readonly [ClientMessage, object | undefined])[];
  /** The server's names for messages without an operation, and what they mean. */
  readonly says: readonly (readonly [string, 'ack' | 'rejected' | 'ping' | 'pong'])[];
  readonly next: string;
  readonly error: string;
  readonly complete: string;
  /** Types of other dialects, or of a client's. */
  readonly foreign: readonly string[];
}
