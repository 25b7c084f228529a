import { Observable } from 'rxjs';

/**
 * The same stream, and nothing behind it: rxjs links an Observable to its source, and a subscription to all that it is made of.
 * Printed, either would show the internals, and the observers of others; as JSON it would throw, for it is circular.
 */
export function sealed<T>(source$: Observable<T>): Observable<T> {
  return new Observable((subscriber) => {
    const inner = source$.subscribe({
      next(value) {
        subscriber.next(value);
      },
      error(error: unknown) {
        subscriber.error(error);
      },
      complete() {
        subscriber.complete();
      },
    });
    return () => {
      inner.unsubscribe();
    };
  });
}
