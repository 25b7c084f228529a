import type { BuiltInCodec } from './codec.js';
import { SUBSCRIPTIONS_TRANSPORT_WS } from './codec.js';
import { jsonCodec, resultHead } from './json-codec.js';
import type { JsonReplacer, JsonReviver } from './payload.js';

const head = /* @__PURE__ */ resultHead('data');

/**
 * The legacy Apollo protocol (subscriptions-transport-ws, PROTOCOL.md), whose subprotocol is called `graphql-ws`. It has no ping and no
 * pong of a client's.
 */
export function subscriptionsTransportWs(
  replacer?: JsonReplacer,
  reviver?: JsonReviver,
): BuiltInCodec {
  return jsonCodec(
    SUBSCRIPTIONS_TRANSPORT_WS,
    head,
    {
      init: 'connection_init',
      subscribe: 'start',
      complete: 'stop',
      terminate: 'connection_terminate',
    },
    {
      connection_ack: 'ack',
      connection_error: 'rejected',
      ka: 'pong',
      data: 'next',
      error: 'error',
      complete: 'complete',
    },
    replacer,
    reviver,
  );
}
