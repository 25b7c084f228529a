import type { Dialect } from './dialect.js';

/** The legacy Apollo protocol `graphql-ws`, as the stock server of subscriptions-transport-ws 0.11 speaks it. */
export const legacyDialect: Dialect = {
  subprotocol: 'graphql-ws',
  verbs: new Map([
    ['connection_init', 'init'],
    ['start', 'subscribe'],
    ['stop', 'stop'],
    ['connection_terminate', 'terminate'],
  ]),
  result: 'data',
  beatsAtOnce: true,
  acknowledgesAgain: true,
  replaces: true,
  acknowledgesStop: true,
  heartbeat: () => ({ type: 'ka' }),
  error: (id, [error]) => ({ id, type: 'error', payload: error }),
  refuse: (peer, { reject, code = 1011, reason = 'Forbidden' }) => {
    peer.send({ type: 'connection_error', payload: reject });
    if (code !== false) peer.close(code, reason);
  },
  // The stock server leaves the socket open and names no operation.
  malformed: (peer, why) => {
    peer.send({ type: 'error', payload: { message: why } });
  },
  badRequest: (peer, id) => {
    peer.send({ id, type: 'error', payload: { message: 'Must provide document' } });
  },
};
