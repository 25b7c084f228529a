import type { BuiltInCodec } from './codec.js';
import { GRAPHQL_TRANSPORT_WS } from './codec.js';
import { jsonCodec, resultHead } from './json-codec.js';
import type { JsonReplacer, JsonReviver } from './payload.js';

const head = /* @__PURE__ */ resultHead('next');

/** The current protocol (graphql-ws, PROTOCOL.md): its names are the neutral ones, but for `connection_init`. */
export function graphqlTransportWs(replacer?: JsonReplacer, reviver?: JsonReviver): BuiltInCodec {
  return jsonCodec(
    GRAPHQL_TRANSPORT_WS,
    head,
    {
      init: 'connection_init',
      subscribe: 'subscribe',
      complete: 'complete',
      ping: 'ping',
      pong: 'pong',
    },
    {
      connection_ack: 'ack',
      // the protocol does not have it, but Hasura and mercurius refuse an init with it
      connection_error: 'rejected',
      ping: 'ping',
      pong: 'pong',
      next: 'next',
      error: 'error',
      complete: 'complete',
    },
    replacer,
    reviver,
  );
}
