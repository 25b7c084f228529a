import type { Codec } from './codec.js';
import { GRAPHQL_TRANSPORT_WS } from './codec.js';
import type { JsonReplacer, JsonReviver } from './payload.js';
import { frameReader } from './frame-reader.js';
import type { WireTypes } from './read-whole.js';

const serverTypes: WireTypes = {
  connection_ack: 'ack',
  // not of this protocol, but Hasura and mercurius refuse an init with it
  connection_error: 'rejected',
  ping: 'ping',
  pong: 'pong',
  next: 'next',
  error: 'error',
  complete: 'complete',
};

/** The current protocol (graphql-ws, PROTOCOL.md): its names are the neutral ones, but for `connection_init`. */
export function graphqlTransportWs(replacer?: JsonReplacer, reviver?: JsonReviver): Codec {
  return {
    subprotocol: GRAPHQL_TRANSPORT_WS,
    canPing: true,
    encode(message) {
      const type = message.type === 'init' ? 'connection_init' : message.type;
      return type === 'terminate' ? '' : JSON.stringify({ ...message, type }, replacer);
    },
    ...frameReader(serverTypes, reviver),
  };
}
