import type { Observable, Subject } from 'rxjs';
import { defer, isObservable, tap } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import type { Connection } from './connection.js';
import type { DialOptions } from './dial.js';
import { dial } from './dial.js';
import type { Journal } from './journal.js';
import type { RetryOptions } from './reconnect.js';
import { supervisedReconnect } from './reconnect.js';

export interface ConnectionsOptions extends DialOptions {
  readonly retry?: false | RetryOptions | undefined;
}

/** Connections, one after the other, and the journal of them. `current$` is told before the operations are. */
export function connections(
  options: ConnectionsOptions,
  journal: Journal,
  current$: Subject<Connection | undefined>,
): Observable<Connection> {
  const { retry = {}, url, subprotocols, connectionParams, webSocketOptions } = options;
  const credentials = [url, subprotocols, connectionParams, webSocketOptions];
  const supervisor = {
    refreshable: credentials.some((value) => typeof value === 'function' || isObservable(value)),
    waiting: journal.waiting,
  };
  const dialled$ = dial(options, journal).pipe(
    supervisedReconnect(retry || { count: 0 }, supervisor),
  );
  let latest = 0;
  return defer(() => {
    const run = (latest += 1);
    return dialled$.pipe(
      tap({
        next(connection) {
          journal.connected(connection.subprotocol, connection.ackPayload);
          current$.next(connection);
        },
        error(error: GraphQLSocketError) {
          journal.failed(error);
        },
        unsubscribe() {
          // who subscribes while the last connection is let go has begun the next run already
          if (run === latest) journal.idle();
        },
        finalize() {
          if (run === latest) current$.next(undefined);
        },
      }),
    );
  });
}
