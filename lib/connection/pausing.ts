import type { Observable } from 'rxjs';
import { BehaviorSubject } from 'rxjs';
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
