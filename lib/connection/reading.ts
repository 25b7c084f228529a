import type { BehaviorSubject, Observable } from 'rxjs';
import { Subscription } from 'rxjs';
import type { Connection, LiveConnection } from './connection.js';

/** Whether a socket object reads what its server sends. */
export interface Reading {
  /** Whether the reading can be stopped; undefined while there is no connection. */
  readonly pausable: boolean | undefined;
  /** Stops it, on the connection that there is and on those that come, until the returned function was called by all who stopped it. */
  pause(): () => void;
}

/** Under it a `connection$` has its {@link Reading}: in whichever build it was made, and in a copy of the socket object, too. */
const key = Symbol.for('rx-graphql-ws.reading');

interface Read extends Observable<unknown> {
  readonly [key]?: Reading;
}

/** Gives a socket's `connection$` its reading, where nobody sees it. */
export function withReading<T>(
  connection$: Observable<T>,
  current$: BehaviorSubject<Connection | undefined>,
): Observable<T> {
  return Object.defineProperty(connection$, key, { value: createReading(current$) });
}

/** That of a socket object; undefined if it is none of ours. */
export function readingOf(socket: unknown): Reading | undefined {
  const { connection$ } = Object(socket) as { connection$?: Read };
  return connection$?.[key];
}

function createReading(current$: BehaviorSubject<Connection | undefined>): Reading {
  let stopped = 0;
  let following = Subscription.EMPTY;
  const current = () => live(current$.value);
  return {
    get pausable() {
      const connection = current();
      return connection && !connection.lost ? connection.pausable : undefined;
    },
    pause() {
      stopped += 1;
      if (stopped === 1)
        // eslint-disable-next-line rxjs-x/no-ignored-error -- it never errors
        following = current$.subscribe((connection) => {
          live(connection)?.pause();
        });
      return () => {
        stopped -= 1;
        if (stopped > 0) return;
        following.unsubscribe();
        current()?.resume();
      };
    },
  };
}

/** Those of a socket object are ours. */
function live(connection: Connection | undefined): LiveConnection | undefined {
  return connection as LiveConnection | undefined;
}
