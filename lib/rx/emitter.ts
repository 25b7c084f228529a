import type { Subscriber } from 'rxjs';
import { Observable } from 'rxjs';

export type Emitter<T> = ReturnType<typeof createEmitter<T>>;

/**
 * An rxjs Subject for paths where speed counts: a value passes through one loop, and subscribing and unsubscribing take
 * constant time, because the subscribers are in a Set.
 */
export function createEmitter<T>() {
  const subscribers = new Set<Subscriber<T>>();
  /** The subscribers of the value that is being delivered: a subscriber that comes meanwhile does not get it. */
  let current: readonly Subscriber<T>[] | undefined;
  let end: ((subscriber: Subscriber<T>) => void) | undefined;

  const all = () => (current ??= [...subscribers]);
  return {
    /** The stream. It holds no reference to its subscribers or to its source, for the same reason as `sealed`. */
    stream$: new Observable<T>((subscriber) => {
      if (end) {
        end(subscriber);
        return;
      }
      subscribers.add(subscriber);
      current = undefined;
      return () => {
        subscribers.delete(subscriber);
        current = undefined;
      };
    }),
    /** Whether anybody is subscribed. A caller uses it to save work. */
    get observed() {
      return subscribers.size > 0;
    },
    next(value: T) {
      for (const subscriber of all()) subscriber.next(value);
    },
    /** Ends the stream. A value that is given here is emitted before the end, also to those who subscribe later. */
    complete(last?: T) {
      end ??= (subscriber) => {
        if (last !== undefined) subscriber.next(last);
        subscriber.complete();
      };
      all().forEach(end);
    },
  };
}
