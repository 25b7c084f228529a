import type { Observable } from 'rxjs';
import { asyncScheduler, defer, EMPTY, merge, Subscription } from 'rxjs';
import type { Connection, LiveConnection } from '../connection/connection.js';
import { adaptConnection } from '../connection/connection.js';
import { createEmitter } from '../rx/emitter.js';

/** Is told of connections, one after the other. */
export interface ConnectionListener {
  /** A connection on which operations can be sent. */
  connected(connection: LiveConnection): void;
  /** There will be none any more. */
  failed(error: unknown): void;
  finished(): void;
}

/** Tells its listeners of connections. */
export type ConnectionSource = ReturnType<typeof fanOut>;

/** Listeners that are told of a connection in one turn of the event loop: thousands that send at once must not hold up what arrives. */
const batch = 1_000;

/**
 * One subscription to the connections for thousands of listeners, told in the order in which they came. A Subject would hold a subscriber
 * for each, and search all of them for each that leaves.
 *
 * @param keep - whether the subscription is kept for a turn of the event loop after the last listener has left a live connection, because
 * one operation often follows another. A connection that is lost meanwhile is not replaced
 */
export function fanOut(connection$: Observable<Connection>, keep = false) {
  const listeners = new Set<ConnectionListener>();
  /** The listeners that were not told of the current connection yet. */
  const waiting = new Set<ConnectionListener>();
  const changes = createEmitter<undefined>();
  let nextTurn: Subscription | undefined;
  let upstream: Subscription | undefined;
  let current: LiveConnection | undefined;
  let isReleasing = false;
  const isAlive = () => current !== undefined && !current.lost;

  const tellBatch = (connection: LiveConnection) => {
    let told = 0;
    for (const listener of waiting) {
      if (told === batch) {
        nextTurn = asyncScheduler.schedule(() => {
          if (!connection.lost) tellBatch(connection);
        });
        return;
      }
      told += 1;
      waiting.delete(listener);
      listener.connected(connection);
    }
  };
  const release = () => {
    const left = upstream;
    nextTurn?.unsubscribe();
    nextTurn = upstream = current = undefined;
    waiting.clear();
    left?.unsubscribe();
  };
  /** Also when the connection is lost, because nobody wants another one. */
  const releaseUnused = () => {
    if (listeners.size === 0) release();
  };
  // eslint-disable-next-line rxjs-x/no-ignored-error -- it never errors
  const followLoss = ({ lost$ }: LiveConnection) => lost$.subscribe(releaseUnused);
  const end = (tell: (listener: ConnectionListener) => void) => {
    const told = [...listeners];
    listeners.clear();
    release();
    told.forEach(tell);
  };
  const connect = () => {
    upstream = new Subscription();
    upstream.add(
      connection$.subscribe({
        next(given) {
          const connection = adaptConnection(given);
          nextTurn?.unsubscribe();
          waiting.clear();
          changes.next(undefined);
          current = connection;
          if (keep) upstream?.add(followLoss(connection));
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
      }),
    );
  };
  const releaseLater = () => {
    if (isReleasing) return;
    isReleasing = true;
    asyncScheduler.schedule(() => {
      isReleasing = false;
      releaseUnused();
    });
  };
  return {
    /** Operations on these connections that are shared, by their key. */
    shared: new Map<string, Observable<unknown>>(),
    add(listener: ConnectionListener) {
      listeners.add(listener);
      if (!upstream) connect();
      else if (waiting.size > 0) waiting.add(listener);
      else if (current && !current.lost) listener.connected(current);
    },
    remove(listener: ConnectionListener) {
      waiting.delete(listener);
      if (!listeners.delete(listener) || listeners.size > 0) return;
      if (keep && isAlive()) releaseLater();
      else release();
    },
    /** Whether there is a connection, and it is alive. */
    get connected() {
      return isAlive();
    },
    /** Emits when the connection that there is at subscription is lost, and when another comes, before the listeners are told. */
    change$: defer(() => merge(changes.stream$, current && !current.lost ? current.lost$ : EMPTY)),
  };
}
