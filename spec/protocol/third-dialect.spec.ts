import { provesCodec } from './codec-contract.js';
import { graphqlSubscriptions } from './third-dialect.js';

provesCodec({
  create: graphqlSubscriptions,
  canPing: false,
  sends: [
    [{ type: 'init' }, { type: 'init' }],
    [
      { type: 'init', payload: { token: 't' } },
      { type: 'init', payload: { token: 't' } },
    ],
    [{ type: 'ping' }, undefined],
    [{ type: 'pong' }, undefined],
    [
      { type: 'subscribe', id: '1', payload: { query: '{ a }', variables: {} } },
      { type: 'subscription_start', id: '1', query: '{ a }', variables: {} },
    ],
    [
      { type: 'complete', id: '1' },
      { type: 'subscription_end', id: '1' },
    ],
    [{ type: 'terminate' }, undefined],
  ],
  says: [
    ['init_success', 'ack'],
    ['init_fail', 'rejected'],
    ['keepalive', 'pong'],
  ],
  next: 'subscription_data',
  error: 'subscription_fail',
  complete: 'subscription_end',
  foreign: ['next', 'data', 'error', 'complete', 'connection_ack', 'ka'],
});
