import type { Dialect } from './dialect.js';

/** graphql-transport-ws, after PROTOCOL.md of the library graphql-ws. */
export const currentDialect: Dialect = {
  subprotocol: 'graphql-transport-ws',
  verbs: new Map([
    ['connection_init', 'init'],
    ['subscribe', 'subscribe'],
    ['complete', 'stop'],
    ['ping', 'ping'],
    ['pong', 'pong'],
  ]),
  result: 'next',
  beatsAtOnce: false,
  acknowledgesAgain: false,
  replaces: false,
  acknowledgesStop: false,
  heartbeat: (type, payload) => ({ type, payload }),
  error: (id, errors) => ({ id, type: 'error', payload: errors }),
  refuse: (peer, { code = 4403, reason = 'Forbidden' }) => {
    if (code !== false) peer.close(code, reason);
  },
  malformed: (peer, why) => {
    peer.close(4400, why);
  },
  badRequest: (peer) => {
    peer.close(4400, 'Invalid message');
  },
};
