import { filter, of } from 'rxjs';
import { GRAPHQL_TRANSPORT_WS } from '../protocol/codec.js';
import type { Connection, LiveConnection } from './connection.js';

/** What it takes to watch a connection. */
export type WatchedConnection = Pick<
  LiveConnection,
  'messages$' | 'send' | 'ping$' | 'ping' | 'canPing' | 'heartbeat$' | 'reading$' | 'abandon'
> &
  Partial<Pick<LiveConnection, 'received'>>;

/** Ours as it is; of anybody's it is not known whether a pong answers a ping, and that it is given up is not to be told. */
export function watchedConnection(connection: Connection): WatchedConnection {
  if ('abandon' in connection) return connection as LiveConnection;
  const { messages$, subprotocol } = connection;
  const ping$ = messages$.pipe(filter(({ type }) => type === 'ping'));
  const canPing = subprotocol === GRAPHQL_TRANSPORT_WS;
  return {
    messages$,
    ping$,
    heartbeat$: ping$,
    reading$: of(true),
    canPing,
    ping: canPing
      ? () => {
          connection.send({ type: 'ping' });
        }
      : undefined,
    send(message) {
      connection.send(message);
    },
    abandon: () => undefined,
  };
}
