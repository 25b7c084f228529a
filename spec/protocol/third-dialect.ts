import type { Codec } from '../../lib/protocol/codec.js';
import { jsonCodec, resultHead } from '../../lib/protocol/json-codec.js';
import type { JsonReplacer, JsonReviver } from '../../lib/protocol/payload.js';

/** The ancestor of both protocols (before 2017), to see what a further dialect takes. */
export function graphqlSubscriptions(replacer?: JsonReplacer, reviver?: JsonReviver): Codec {
  const write = (message: object) => JSON.stringify(message, replacer);
  return {
    subprotocol: 'graphql-subscriptions',
    canPing: false,
    encode(message) {
      switch (message.type) {
        case 'init':
          return write({ ...message, type: 'init' });
        case 'subscribe':
          return write({ ...message.payload, type: 'subscription_start', id: message.id });
        case 'complete':
          return write({ type: 'subscription_end', id: message.id });
        default:
          return '';
      }
    },
    decode: jsonCodec(
      'graphql-subscriptions',
      resultHead('subscription_data'),
      {},
      {
        init_success: 'ack',
        init_fail: 'rejected',
        keepalive: 'pong',
        subscription_data: 'next',
        subscription_fail: 'error',
        subscription_end: 'complete',
      },
      replacer,
      reviver,
    ).decode,
  };
}
