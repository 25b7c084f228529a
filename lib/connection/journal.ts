import { asyncScheduler, ReplaySubject, Subject } from 'rxjs';
import type { Observable } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import type { SocketMonitor } from '../transport/ending.js';
import type { AttemptContext } from '../types.js';
import type { SocketEvent, SocketStatus } from './status.js';
import type { Tap } from './wire-log.js';

type Unstamped<T> = T extends unknown ? Omit<T, 'since'> : never;

/** What one socket object tells of itself, and what the next attempt is told. */
export interface Journal {
  readonly status$: Observable<SocketStatus>;
  readonly events$: Observable<SocketEvent>;
  /** For the dial that comes. */
  context(): AttemptContext;
  /** Follows one socket, from its dial to its end. */
  watch(): SocketMonitor & Tap;
  connecting(): void;
  connected(subprotocol: string, ackPayload: unknown): void;
  waiting(attempt: number, delay: number | undefined, error: GraphQLSocketError): void;
  failed(error: GraphQLSocketError): void;
  idle(): void;
  /** For good; when `end` was called and the last socket has closed, status and events complete. */
  close(end: () => void): void;
}

export function createJournal(): Journal {
  // not a BehaviorSubject: the last state is replayed after completion, too
  const status = new ReplaySubject<SocketStatus>(1);
  const events = new Subject<SocketEvent>();
  const sockets = new Set<number>();
  let dialled = 0;
  let context: AttemptContext = { attempt: 0, error: undefined };
  let closed = false;
  let ended = false;

  const enter = (next: Unstamped<SocketStatus>) => {
    if (!closed) status.next({ ...next, since: asyncScheduler.now() });
  };
  enter({ state: 'idle' });
  const completeWhenReleased = () => {
    if (!ended || sockets.size > 0) return;
    status.complete();
    events.complete();
  };
  return {
    status$: status.asObservable(),
    events$: events.asObservable(),
    context: () => context,
    watch() {
      const connection = (dialled += 1);
      let over = false;
      return {
        get observed() {
          return events.observed;
        },
        next(event) {
          if (event.type === 'opened') sockets.add(connection);
          if (event.type === 'closed') {
            if (over) return;
            over = true;
          }
          events.next({ ...event, at: asyncScheduler.now(), connection });
        },
        complete() {
          sockets.delete(connection);
          completeWhenReleased();
        },
      };
    },
    connecting() {
      enter({ state: 'connecting', attempt: context.attempt });
    },
    connected(subprotocol, ackPayload) {
      enter({ state: 'connected', subprotocol, ackPayload });
    },
    waiting(attempt, delay, error) {
      context = { attempt, error };
      const until = delay === undefined ? undefined : asyncScheduler.now() + delay;
      enter({ state: 'waiting', attempt, delay, until, error });
    },
    failed(error) {
      context = { attempt: 0, error };
      enter({ state: 'failed', error });
    },
    idle() {
      context = { attempt: 0, error: undefined };
      enter({ state: 'idle' });
    },
    close(end) {
      enter({ state: 'closed' });
      closed = true;
      end();
      ended = true;
      completeWhenReleased();
    },
  };
}
