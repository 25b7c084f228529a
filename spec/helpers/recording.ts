import type { Observable } from 'rxjs';

/** What came of a stream so far. */
export interface Recording<T> {
  readonly values: readonly T[];
  readonly outcome: 'running' | 'completed' | 'failed';
  readonly error: unknown;
  /** Resolves when the stream has completed or failed. */
  readonly ended: Promise<void>;
  unsubscribe(): void;
}

/** Subscribes and remembers. */
export function record<T>(source$: Observable<T>): Recording<T> {
  const values: T[] = [];
  let outcome: Recording<T>['outcome'] = 'running';
  let error: unknown;
  let end: () => void;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const subscription = source$.subscribe({
    next: (value) => values.push(value),
    error: (thrown: unknown) => {
      outcome = 'failed';
      error = thrown;
      end();
    },
    complete: () => {
      outcome = 'completed';
      end();
    },
  });
  return {
    values,
    get outcome() {
      return outcome;
    },
    get error() {
      return error;
    },
    ended,
    unsubscribe: () => subscription.unsubscribe(),
  };
}
