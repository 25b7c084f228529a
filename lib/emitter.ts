import type { Subscriber } from 'rxjs';
import { Observable } from 'rxjs';

/** A hot stream, and the end that it is fed from. */
export interface Emitter<T> {
  /** Shows nothing of those who listen, or of what feeds it (see `sealed`). */
  readonly stream$: Observable<T>;
  /** Nothing is made up for nobody. */
  readonly observed: boolean;
  next(value: T): void;
  complete(): void;
}

/**
 * As an rxjs Subject, for what every message goes through: between the two ends there is a loop, and no subscriber of our own.
 * Coming and going take the same time however many there are.
 */
export function createEmitter<T>(): Emitter<T> {
  const subscribers = new Set<Subscriber<T>>();
  /** Those that a value is for: who comes while it is delivered does not get it. */
  let current: readonly Subscriber<T>[] | undefined;
  let completed = false;

  const all = () => (current ??= [...subscribers]);
  return {
    stream$: new Observable((subscriber) => {
      if (completed) {
        subscriber.complete();
        return;
      }
      subscribers.add(subscriber);
      current = undefined;
      return () => {
        subscribers.delete(subscriber);
        current = undefined;
      };
    }),
    get observed() {
      return subscribers.size > 0;
    },
    next(value) {
      for (const subscriber of all()) subscriber.next(value);
    },
    complete() {
      completed = true;
      for (const subscriber of all()) subscriber.complete();
    },
  };
}
