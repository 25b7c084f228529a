import type { Observable } from 'rxjs';
import { BehaviorSubject, Subscription } from 'rxjs';
import { sealed } from '../sealed.js';
import type { DialledSocket } from '../transport/dialled-socket.js';

/** Whether a connection reads what its server sends. */
export interface Pausing {
  /** Whether its socket can stop reading. */
  readonly pausable: boolean;
  /** Whether it reads; replayed. While it does not, no silence means anything. */
  readonly reading$: Observable<boolean>;
  /** Does nothing once the connection is over: its goodbye must be read. */
  pause(): void;
  resume(): void;
}

type Pausable = Pausing & { readonly lost: boolean };

/** Whether a socket object reads what its server sends. */
export interface Reading {
  /** Whether the reading can be stopped; undefined while there is no connection. */
  readonly pausable: boolean | undefined;
  /** Stops it, on the connection that there is and on those that come, until the returned function was called by all who stopped it. */
  pause(): () => void;
}

export function createPausing(
  { pause, resume }: Partial<DialledSocket>,
  isOver: () => boolean,
): Pausing {
  const reading = new BehaviorSubject(true);
  return {
    pausable: pause !== undefined,
    reading$: sealed(reading),
    pause() {
      if (!pause || isOver()) return;
      pause();
      reading.next(false);
    },
    resume() {
      resume?.();
      reading.next(true);
    },
  };
}

/** The reading of a socket object, over the connections that it has. */
export function createReading(
  current$: Observable<Pausable | undefined> & { readonly value: Pausable | undefined },
): Reading {
  let stopped = 0;
  let following = Subscription.EMPTY;
  return {
    get pausable() {
      const connection = current$.value;
      return connection && !connection.lost ? connection.pausable : undefined;
    },
    pause() {
      stopped += 1;
      if (stopped === 1)
        // eslint-disable-next-line rxjs-x/no-ignored-error -- it never errors
        following = current$.subscribe((connection) => {
          connection?.pause();
        });
      return () => {
        stopped -= 1;
        if (stopped > 0) return;
        following.unsubscribe();
        current$.value?.resume();
      };
    },
  };
}
