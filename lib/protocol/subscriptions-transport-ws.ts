import type { BuiltInCodec } from './codec.js';
import { SUBSCRIPTIONS_TRANSPORT_WS } from './codec.js';
import type { JsonReplacer, JsonReviver } from './payload.js';
import type { WireTypes } from './read-frame.js';
import { frameReader } from './read-frame.js';

const serverTypes: WireTypes = {
  connection_ack: 'ack',
  connection_error: 'rejected',
  ka: 'pong',
  data: 'next',
  error: 'error',
  complete: 'complete',
};

/** The protocol has no ping and no pong of a client's. */
const clientTypes: Readonly<Record<string, string>> = {
  init: 'connection_init',
  subscribe: 'start',
  complete: 'stop',
  terminate: 'connection_terminate',
};

/** The legacy Apollo protocol (subscriptions-transport-ws, PROTOCOL.md), whose subprotocol is called `graphql-ws`. */
export function subscriptionsTransportWs(
  replacer?: JsonReplacer,
  reviver?: JsonReviver,
): BuiltInCodec {
  return {
    subprotocol: SUBSCRIPTIONS_TRANSPORT_WS,
    canPing: false,
    encode(message) {
      const type = clientTypes[message.type];
      return type ? JSON.stringify({ ...message, type }, replacer) : '';
    },
    decode: frameReader('data', serverTypes, reviver),
  };
}
