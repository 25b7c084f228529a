import type { Observable, Subscription } from 'rxjs';
import type { Connection } from '../connection/connection.js';
import { isAlive } from '../connection/connection.js';

/** Who is told of connections, one after the other. */
export interface ConnectionListener {
  /** A connection on which operations can be sent. */
  connected(connection: Connection): void;
  /** There will be none any more. */
  failed(error: unknown): void;
  finished(): void;
}

/** Where listeners come and go. */
export interface ConnectionSource {
  add(listener: ConnectionListener): void;
  remove(listener: ConnectionListener): void;
}

/**
 * One subscription to the connections for thousands of listeners, in the order of their coming. A Subject would hold a subscriber
 * for each, and search all of them for each that leaves.
 */
export function fanOut(connection$: Observable<Connection>): ConnectionSource {
  const listeners = new Set<ConnectionListener>();
  let upstream: Subscription | undefined;
  let current: Connection | undefined;

  const each = (tell: (listener: ConnectionListener) => void) => {
    // who comes meanwhile is told on coming, who goes is not told
    for (const listener of [...listeners]) if (listeners.has(listener)) tell(listener);
  };
  const end = (tell: (listener: ConnectionListener) => void) => {
    const told = [...listeners];
    listeners.clear();
    upstream = current = undefined;
    told.forEach(tell);
  };
  const connect = () => {
    const subscription = connection$.subscribe({
      next(connection) {
        current = connection;
        each((listener) => {
          listener.connected(connection);
        });
      },
      error(error: unknown) {
        end((listener) => {
          listener.failed(error);
        });
      },
      complete() {
        end((listener) => {
          listener.finished();
        });
      },
    });
    // all have gone meanwhile, or it has ended
    if (listeners.size === 0) subscription.unsubscribe();
    else upstream = subscription;
  };
  return {
    add(listener) {
      listeners.add(listener);
      if (listeners.size === 1) connect();
      else if (current && isAlive(current)) listener.connected(current);
    },
    remove(listener) {
      if (!listeners.delete(listener) || listeners.size > 0) return;
      const left = upstream;
      upstream = current = undefined;
      left?.unsubscribe();
    },
  };
}
