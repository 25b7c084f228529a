import type { ObservableInput, OperatorFunction, Subscriber } from 'rxjs';
import { finalize, from, Observable, Subject, takeUntil } from 'rxjs';
import type { Overflow } from './overflow.js';
import { createQueue } from './queue.js';

/**
 * rxjs' `concatMap`, with a say in what waits. As there the next inner stream begins when the one before has been torn down. Those that
 * end at once are worked off in a loop, and nothing recurses.
 *
 * @param createOverflow - for one subscription
 */
export function concatMapQueued<T, R>(
  project: (value: T, index: number) => ObservableInput<R>,
  createOverflow: () => Overflow<T>,
): OperatorFunction<T, R> {
  return (source$) =>
    new Observable((subscriber) => {
      const work = new Work(subscriber, project, createOverflow());
      subscriber.add(() => {
        work.leave();
      });
      work.follow(source$);
    });
}

/** The work for one subscriber. */
class Work<T, R> {
  readonly #subscriber: Subscriber<R>;
  readonly #project: (value: T, index: number) => ObservableInput<R>;
  readonly #overflow: Overflow<T>;
  readonly #queue = createQueue<T>();
  #index = 0;
  #busy = false;
  #looping = false;
  #completed = false;
  #gone = false;
  /** Ends the streams also before `subscribe` has returned, which a source that emits at once is late to do. */
  readonly #left$ = new Subject<void>();

  constructor(
    subscriber: Subscriber<R>,
    project: (value: T, index: number) => ObservableInput<R>,
    overflow: Overflow<T>,
  ) {
    this.#subscriber = subscriber;
    this.#project = project;
    this.#overflow = overflow;
  }

  follow(source$: Observable<T>): void {
    source$.pipe(takeUntil(this.#left$)).subscribe(this);
  }

  next(value: T): void {
    this.#attempt(() => {
      this.#overflow.arrive?.();
      if (this.#busy || this.#looping) this.#overflow.wait(value, this.#queue);
      else this.#queue.push(value);
    });
    this.#proceed();
  }

  complete(): void {
    if (this.#gone) return;
    this.#completed = true;
    this.#overflow.end?.();
    this.#proceed();
  }

  error(error: unknown): void {
    this.leave();
    this.#subscriber.error(error);
  }

  leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#left$.next();
    this.#queue.clear();
    this.#overflow.end?.();
  }

  #proceed(): void {
    if (this.#looping) return;
    this.#looping = true;
    while (!this.#busy && !this.#gone && this.#queue.size > 0) this.#begin(this.#queue.take());
    this.#looping = false;
    if (this.#gone) return;
    if (!this.#completed)
      this.#attempt(() => this.#overflow.settle?.(this.#queue.size, this.#busy));
    else if (!this.#busy) this.#subscriber.complete();
  }

  #begin(value: T): void {
    this.#busy = true;
    let completed = false;
    const project = this.#project;
    const inner$ = this.#attempt(() => from(project(value, this.#index)));
    this.#index += 1;
    const next = () => {
      if (!completed) return;
      this.#busy = false;
      this.#proceed();
    };
    // `project` may have ended it all
    if (this.#gone) return;
    inner$?.pipe(finalize(next), takeUntil(this.#left$)).subscribe({
      next: (result) => {
        this.#subscriber.next(result);
      },
      error: (error: unknown) => {
        this.error(error);
      },
      complete() {
        completed = true;
      },
    });
  }

  #attempt<V>(action: () => V): V | undefined {
    try {
      return action();
    } catch (error) {
      this.error(error);
      return undefined;
    }
  }
}
