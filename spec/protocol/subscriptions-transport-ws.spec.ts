import { subscriptionsTransportWs } from '../../lib/protocol/subscriptions-transport-ws.js';
import { provesCodec } from './codec-contract.js';

provesCodec({
  create: subscriptionsTransportWs,
  canPing: false,
  sends: [
    [{ type: 'init' }, { type: 'connection_init' }],
    [
      { type: 'init', payload: { token: 't' } },
      { type: 'connection_init', payload: { token: 't' } },
    ],
    [{ type: 'ping' }, undefined],
    [{ type: 'pong', payload: {} }, undefined],
    [
      { type: 'subscribe', id: '1', payload: { query: '{ a }', variables: { b: null } } },
      { type: 'start', id: '1', payload: { query: '{ a }', variables: { b: null } } },
    ],
    [
      { type: 'complete', id: '1' },
      { type: 'stop', id: '1' },
    ],
    [{ type: 'terminate' }, { type: 'connection_terminate' }],
  ],
  says: [
    ['connection_ack', 'ack'],
    ['connection_error', 'rejected'],
    ['ka', 'pong'],
  ],
  next: 'data',
  error: 'error',
  complete: 'complete',
  foreign: ['next', 'ping', 'pong', 'start_ack', 'connection_init', 'start', 'subscribe'],
});
