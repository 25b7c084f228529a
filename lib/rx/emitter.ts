import type { Subscriber } from 'rxjs';
import { Observable } from 'rxjs';
import { throwLater } from './streams.js';

/** Deliveries that are due; the first one is under way. */
export type Deliveries = (() => void)[];

/**
 * An rxjs Subject for paths where speed counts: subscribing and unsubscribing take constant time, because the subscribers are in a Set. A
 * value that a subscriber causes is delivered when all have the value before it.
 */
export class Emitter<T> {
  readonly #deliveries: Deliveries;
  readonly #subscribers = new Set<Subscriber<T>>();
  /** The subscribers of the latest value: a subscriber that comes after it does not get it. */
  #current: readonly Subscriber<T>[] | undefined;
  #end: ((subscriber: Subscriber<T>) => void) | undefined;
  /** Whether anybody is subscribed. It is a field and no getter, because it is read for each message. */
  observed = false;
  /** The stream. It holds no reference to its subscribers or to its source, for the same reason as `sealed`. */
  readonly stream$: Observable<T>;

  /** @param deliveries - emitters that are given the same list keep their order among each other */
  constructor(deliveries: Deliveries = []) {
    this.#deliveries = deliveries;
    this.stream$ = new Observable((subscriber) => {
      if (this.#end) {
        this.#end(subscriber);
        return;
      }
      this.#subscribers.add(subscriber);
      this.#changed();
      return () => {
        this.#subscribers.delete(subscriber);
        this.#changed();
      };
    });
  }

  next(value: T): void {
    this.#deliver((subscriber) => {
      subscriber.next(value);
    });
  }

  /** Ends the stream. A value that is given here is emitted before the end, also to those who subscribe later. */
  complete(last?: T): void {
    this.#end ??= (subscriber) => {
      if (last !== undefined) subscriber.next(last);
      subscriber.complete();
    };
    this.#deliver(this.#end);
  }

  #changed() {
    this.#current = undefined;
    this.observed = this.#subscribers.size > 0;
  }

  #deliver(tell: (subscriber: Subscriber<T>) => void) {
    const deliveries = this.#deliveries;
    const told = (this.#current ??= [...this.#subscribers]);
    const delivery = () => {
      for (const subscriber of told) {
        try {
          tell(subscriber);
        } catch (error) {
          // a teardown of the subscriber's has failed: rxjs reports it
          throwLater(error).subscribe();
        }
      }
    };
    if (deliveries.push(delivery) > 1) return;
    for (const each of deliveries) each();
    deliveries.length = 0;
  }
}
