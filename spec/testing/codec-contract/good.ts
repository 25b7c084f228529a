import type { CodecDialect } from 'rx-graphql-ws/testing';
import { appSync, appSyncDialect } from '../app-sync.js';

const authorization = { host: 'example.org', 'x-api-key': 'k' };

export const good = appSync(authorization);

/** Made afresh, because a codec may change its messages. It has few samples, because each adds a thousand changed frames. */
export function goodDialect(): CodecDialect {
  return {
    ...appSyncDialect(authorization),
    says: [
      ['connection_ack', 'ack'],
      ['ka', 'pong'],
      [{ type: 'start_ack', id: '1' }, 'unknown'],
    ],
    foreign: ['next'],
  };
}
