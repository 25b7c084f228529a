import type { Subscriber } from 'rxjs';
import { Observable } from 'rxjs';
import { throwLater } from './streams.js';

export type Emitter<T> = ReturnType<typeof createEmitter<T>>;

/** Deliveries that are due; the first one is under way. */
export type Deliveries = (() => void)[];

/**
 * An rxjs Subject for paths where speed counts: subscribing and unsubscribing take constant time, because the subscribers are in a Set. A
 * value that a subscriber causes is delivered when all have the value before it.
 *
 * @param deliveries - emitters that are given the same list keep their order among each other
 */
export function createEmitter<T>(deliveries: Deliveries = []) {
  const subscribers = new Set<Subscriber<T>>();
  /** The subscribers of the latest value: a subscriber that comes after it does not get it. */
  let current: readonly Subscriber<T>[] | undefined;
  let end: ((subscriber: Subscriber<T>) => void) | undefined;

  const deliver = (tell: (subscriber: Subscriber<T>) => void) => {
    const told = (current ??= [...subscribers]);
    if (deliveries.push(() => tellAll(told, tell)) > 1) return;
    for (const each of deliveries) each();
    deliveries.length = 0;
  };
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
      deliver((subscriber) => {
        subscriber.next(value);
      });
    },
    /** Ends the stream. A value that is given here is emitted before the end, also to those who subscribe later. */
    complete(last?: T) {
      end ??= (subscriber) => {
        if (last !== undefined) subscriber.next(last);
        subscriber.complete();
      };
      deliver(end);
    },
  };
}

function tellAll<T>(
  subscribers: readonly Subscriber<T>[],
  tell: (subscriber: Subscriber<T>) => void,
): void {
  for (const subscriber of subscribers) {
    try {
      tell(subscriber);
    } catch (error) {
      // a teardown of the subscriber's has failed: rxjs reports it
      throwLater(error).subscribe();
    }
  }
}
