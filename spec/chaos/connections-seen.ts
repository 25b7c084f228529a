import type { ClientEvent } from './log-line.js';

/** What `events$` has shown of a connection so far. */
export interface SeenConnection {
  readonly closed: boolean;
  /** After all connections before it had closed. */
  readonly acknowledged: boolean;
  /** The subscription sent on it, after it was acknowledged. */
  readonly subscribed: ClientEvent | undefined;
}

/** The connections of one client, as `events$` shows them. */
export interface ConnectionsSeen {
  see(event: ClientEvent): void;
  of(connection: number): SeenConnection;
}

const unseen: SeenConnection = { closed: false, acknowledged: false, subscribed: undefined };

/** Follows `events$`. */
export function connectionsSeen(): ConnectionsSeen {
  const seen = new Map<number, SeenConnection>();
  const of = (connection: number) => seen.get(connection) ?? unseen;
  return {
    of,
    see(event) {
      const { connection } = event;
      const before = of(connection);
      const othersClosed = [...seen].every(([other, { closed }]) => closed || other === connection);
      seen.set(connection, {
        closed: before.closed || event.event === 'closed',
        acknowledged: before.acknowledged || (event.event === 'acknowledged' && othersClosed),
        subscribed:
          event.message === 'subscribe' && before.acknowledged ? event : before.subscribed,
      });
    },
  };
}
