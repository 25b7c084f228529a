import type { CodecDialect } from 'rx-graphql-ws/testing';
import type { Codec } from '../../../lib/protocol/codec.js';
import type { JsonReplacer, JsonReviver } from '../../../lib/protocol/payload.js';

/** A dialect with frames `{ type, id, payload }`, given by the names of its types. */
export interface Dialect extends CodecDialect {
  readonly create: (replacer?: JsonReplacer, reviver?: JsonReviver) => Codec;
  readonly canPing: boolean;
  readonly says: readonly (readonly [string, 'ack' | 'rejected' | 'ping' | 'pong'])[];
  readonly next: string;
  readonly error: string;
  readonly complete: string;
  /** Types of other dialects, or of a client. */
  readonly foreign: readonly string[];
}
