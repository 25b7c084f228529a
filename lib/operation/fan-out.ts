import type { Observable, Subscription } from 'rxjs';
import { asyncScheduler } from 'rxjs';
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

/** Listeners that are told of a connection in one turn of the event loop: what thousands of them send must not hold up what is received. */
const batch = 1_000;

/**
 * One subscription to the connections for thousands of listeners, in the order of their coming. A Subject would hold a subscriber
 * for each, and search all of them for each that leaves.
 */
export function fanOut(connection$: Observable<Connection>): ConnectionSource {
  const listeners = new Set<ConnectionListener>();
  /** Those that were not told of the current connection yet. */
  const waiting = new Set<ConnectionListener>();
  let nextTurn: Subscription | undefined;
  let upstream: Subscription | undefined;
  let current: Connection | undefined;

  const tellBatch = (connection: Connection) => {
    let told = 0;
    for (const listener of waiting) {
      if (told === batch) {
        nextTurn = asyncScheduler.schedule(() => {
          if (isAlive(connection)) tellBatch(connection);
        });
        return;
      }
      told += 1;
      waiting.delete(listener);
      listener.connected(connection);
    }
  };
  const forget = () => {
    nextTurn?.unsubscribe();
    nextTurn = upstream = current = undefined;
    waiting.clear();
  };
  const end = (tell: (listener: ConnectionListener) => void) => {
    const told = [...listeners];
    listeners.clear();
    forget();
    told.forEach(tell);
  };
  const connect = () => {
    const subscription = connection$.subscribe({
      next(connection) {
        nextTurn?.unsubscribe();
        current = connection;
        waiting.clear();
        for (const listener of listeners) waiting.add(listener);
        tellBatch(connection);
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
      else if (waiting.size > 0) waiting.add(listener);
      else if (current && isAlive(current)) listener.connected(current);
    },
    remove(listener) {
      waiting.delete(listener);
      if (!listeners.delete(listener) || listeners.size > 0) return;
      const left = upstream;
      forget();
      left?.unsubscribe();
    },
  };
}
