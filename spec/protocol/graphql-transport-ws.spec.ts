import { graphqlTransportWs } from '../../lib/protocol/graphql-transport-ws.js';
import { provesCodec } from './codec-contract.js';

provesCodec({
  create: graphqlTransportWs,
  canPing: true,
  sends: [
    [{ type: 'init' }, { type: 'connection_init' }],
    [
      { type: 'init', payload: { token: 't' } },
      { type: 'connection_init', payload: { token: 't' } },
    ],
    [{ type: 'ping' }, { type: 'ping' }],
    [
      { type: 'ping', payload: { n: 1 } },
      { type: 'ping', payload: { n: 1 } },
    ],
    [{ type: 'pong' }, { type: 'pong' }],
    [
      { type: 'pong', payload: 'echo' },
      { type: 'pong', payload: 'echo' },
    ],
    [
      { type: 'subscribe', id: '1', payload: { query: '{ a }', variables: { b: null } } },
      { type: 'subscribe', id: '1', payload: { query: '{ a }', variables: { b: null } } },
    ],
    [
      { type: 'complete', id: '1' },
      { type: 'complete', id: '1' },
    ],
    [{ type: 'terminate' }, undefined],
  ],
  says: [
    ['connection_ack', 'ack'],
    ['connection_error', 'rejected'],
    ['ping', 'ping'],
    ['pong', 'pong'],
  ],
  next: 'next',
  error: 'error',
  complete: 'complete',
  foreign: ['ka', 'data', 'connection_init', 'start', 'stop', 'subscribe'],
});
