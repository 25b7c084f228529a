import type { Observable, Subscriber } from 'rxjs';
import { endWith, ignoreElements, merge, Subscription, take, timer } from 'rxjs';
import type { Connection } from '../connection/connection.js';
import { isAlive } from '../connection/connection.js';
import type { PreparedRequest } from '../protocol/request.js';
import type { Listener } from './audience.js';
import { createAudience } from './audience.js';
import type { RunOptions } from './execute.js';
import { runOperation } from './execute.js';
import type { ConnectionListener, ConnectionSource } from './fan-out.js';

/** One upstream operation, and all that listen to it. */
export interface SharedOperation {
  /** The first to join has it sent. */
  join(listener: Listener, replay: number): void;
  /** @param linger - ms that the operation is kept if it was the last */
  leave(listener: Listener, linger: number): void;
}

/** `forget` is called once, when nobody may join any more: before anybody is told of an end. */
export function createSharedOperation(
  source: ConnectionSource,
  request: PreparedRequest,
  options: RunOptions,
  forget: () => void,
): SharedOperation {
  const audience = createAudience();
  const upstream = new Subscription();
  let connection: Connection | undefined;
  let lingering: Subscription | undefined;
  let started = false;
  let over = false;

  const close = () => {
    over = true;
    lingering?.unsubscribe();
    forget();
  };
  const drop = () => {
    close();
    upstream.unsubscribe();
  };
  const end = (tell: (subscriber: Subscriber<unknown>) => void) => {
    close();
    audience.end(tell);
  };
  const isWanted = (next: Connection) => {
    connection = next;
    // it is not sent again for nobody
    if (audience.size === 0) drop();
    return !over;
  };
  const operation$ = runOperation<unknown, unknown, never>(
    () => filtered(source, isWanted),
    request,
    options,
    (payload) => {
      if (!audience.indifferent) audience.deliver(payload.decode());
    },
  );
  return {
    join(listener, replay) {
      lingering?.unsubscribe();
      audience.join(listener, replay);
      if (started) return;
      started = true;
      upstream.add(operation$.subscribe(tellingAll(end)));
    },
    leave(listener, linger) {
      audience.leave(listener);
      if (audience.size > 0 || over) return;
      const left$ = connection && isAlive(connection) ? untilLost(connection, linger) : timer(0);
      lingering = left$.subscribe({ complete: drop, error: drop });
    },
  };
}

function tellingAll(end: (tell: (subscriber: Subscriber<unknown>) => void) => void) {
  return {
    error(error: unknown) {
      end((subscriber) => {
        subscriber.error(error);
      });
    },
    complete() {
      end((subscriber) => {
        subscriber.complete();
      });
    },
  };
}

/** As of a connection that lingers: what is lost meanwhile is not replaced. */
function untilLost({ messages$ }: Connection, linger: number): Observable<unknown> {
  return merge(timer(linger), messages$.pipe(ignoreElements(), endWith(0))).pipe(take(1));
}

/** The source, for one listener that is told of the connections that are wanted. */
function filtered(
  source: ConnectionSource,
  isWanted: (connection: Connection) => boolean,
): ConnectionSource {
  let inner: ConnectionListener;
  return {
    add(listener) {
      inner = {
        connected(connection) {
          if (isWanted(connection)) listener.connected(connection);
        },
        failed(error) {
          listener.failed(error);
        },
        finished() {
          listener.finished();
        },
      };
      source.add(inner);
    },
    remove() {
      source.remove(inner);
    },
  };
}
