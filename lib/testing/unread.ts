import { asyncScheduler } from 'rxjs';

/** What has come for a client that may have stopped reading. */
export interface Unread {
  readonly paused: boolean;
  /** Happens now, or, behind what was not read yet, when it is read. */
  arrive(event: () => void): void;
  pause(): void;
  /** What waits is read asynchronously, in order. */
  resume(): void;
}

export function createUnread(): Unread {
  const waiting: (() => void)[] = [];
  let paused = false;
  const read = () => {
    while (!paused) {
      const event = waiting.shift();
      if (!event) return;
      event();
    }
  };
  return {
    get paused() {
      return paused;
    },
    arrive(event) {
      if (paused || waiting.length > 0) waiting.push(event);
      else event();
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      if (waiting.length > 0) asyncScheduler.schedule(read);
    },
  };
}
