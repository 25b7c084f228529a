import type { BuiltInCodec } from './codec.js';
import { GRAPHQL_TRANSPORT_WS } from './codec.js';
import type { JsonReplacer, JsonReviver } from './payload.js';
import type { WireTypes } from './read-frame.js';
import { frameReader } from './read-frame.js';

const serverTypes: WireTypes = {
  connection_ack: 'ack',
  // the protocol does not have it, but Hasura and mercurius refuse an init with it
  connection_error: 'rejected',
  ping: 'ping',
  pong: 'pong',
  next: 'next',
  error: 'error',
  complete: 'complete',
};

/** The current protocol (graphql-ws, PROTOCOL.md): its names are the neutral ones, but for `connection_init`. */
export function graphqlTransportWs(replacer?: JsonReplacer, reviver?: JsonReviver): BuiltInCodec {
  return {
    subprotocol: GRAPHQL_TRANSPORT_WS,
    canPing: true,
    encode(message) {
      const type = message.type === 'init' ? 'connection_init' : message.type;
      return type === 'terminate' ? '' : JSON.stringify({ ...message, type }, replacer);
    },
    decode: frameReader('next', serverTypes, reviver),
  };
}
