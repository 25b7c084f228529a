import type { Subject } from 'rxjs';
import { isObservable, Observable } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import type { Connection, LiveConnection } from './connection.js';
import { isAlive } from './connection.js';
import type { DialOptions } from './dial.js';
import { dial } from './dial.js';
import { createDialLimit } from './dial-limit.js';
import type { Journal } from './journal.js';
import { supervisedReconnect } from './reconnect.js';

/** Connections, one after the other, and the journal of them. `current$` is told before the operations are. */
export function connections(
  options: DialOptions,
  journal: Journal,
  current$: Subject<Connection | undefined>,
): Observable<Connection> {
  const { retry = {}, url, subprotocols, connectionParams, webSocketOptions } = options;
  const credentials = [url, subprotocols, connectionParams, webSocketOptions];
  const limit = createDialLimit();
  const supervisor = {
    // each dial is counted where it is made: what it needs may be long in coming
    limit: { ...limit, turn: limit.ready },
    refreshable: credentials.some((value) => typeof value === 'function' || isObservable(value)),
    waiting: journal.waiting,
  };
  const dialled$ = dial(options, journal, limit).pipe(
    supervisedReconnect(retry || { count: 0 }, supervisor),
  );
  let latest = 0;
  return new Observable((subscriber) => {
    const run = (latest += 1);
    let current: Connection | undefined;
    let ended = false;
    const dialling = dialled$.subscribe({
      next(connection) {
        current = connection;
        journal.connected(connection.subprotocol, connection.ackPayload);
        current$.next(connection);
        subscriber.next(connection);
      },
      error(error: GraphQLSocketError) {
        ended = true;
        journal.failed(error);
        subscriber.error(error);
      },
    });
    return () => {
      // while it is still known whether it was ours to close
      const clean = current && isAlive(current) && !(current as Partial<LiveConnection>).fruitless;
      dialling.unsubscribe();
      // who subscribes while the last connection is let go has begun the next run already
      if (run !== latest) return;
      if (clean) limit.excuse();
      if (!ended) journal.idle();
      current$.next(undefined);
    };
  });
}
