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
      // also before `subscribe` has returned, which a source that emits at once is late to do
      const left$ = new Subject<void>();
      const { receive, complete, fail, leave } = work(subscriber, left$, project, createOverflow());
      subscriber.add(leave);
      source$.pipe(takeUntil(left$)).subscribe({ next: receive, error: fail, complete });
    });
}

function work<T, R>(
  subscriber: Subscriber<R>,
  left$: Subject<void>,
  project: (value: T, index: number) => ObservableInput<R>,
  overflow: Overflow<T>,
) {
  const queue = createQueue<T>();
  const state = { busy: false, looping: false, completed: false, gone: false };
  let index = 0;

  const leave = () => {
    if (state.gone) return;
    state.gone = true;
    left$.next();
    queue.clear();
    overflow.end?.();
  };
  const fail = (error: unknown) => {
    leave();
    subscriber.error(error);
  };
  const attempt = <V>(action: () => V) => {
    try {
      return action();
    } catch (error) {
      fail(error);
      return undefined;
    }
  };
  const begin = (value: T) => {
    state.busy = true;
    let completed = false;
    const inner$ = attempt(() => from(project(value, index)));
    index += 1;
    const next = () => {
      if (!completed) return;
      state.busy = false;
      proceed();
    };
    // `project` may have ended it all
    if (state.gone) return;
    inner$?.pipe(finalize(next), takeUntil(left$)).subscribe({
      next(result) {
        subscriber.next(result);
      },
      error: fail,
      complete() {
        completed = true;
      },
    });
  };
  const proceed = () => {
    if (state.looping) return;
    state.looping = true;
    while (!state.busy && !state.gone && queue.size > 0) begin(queue.take());
    state.looping = false;
    if (state.gone) return;
    if (!state.completed) attempt(() => overflow.settle?.(queue.size, state.busy));
    else if (!state.busy) subscriber.complete();
  };
  return {
    receive(value: T) {
      attempt(() => {
        overflow.arrive?.();
        if (state.busy || state.looping) overflow.wait(value, queue);
        else queue.push(value);
      });
      proceed();
    },
    complete() {
      if (state.gone) return;
      state.completed = true;
      overflow.end?.();
      proceed();
    },
    fail,
    leave,
  };
}
