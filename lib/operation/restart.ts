import type { MonoTypeOperatorFunction } from 'rxjs';
import {
  asyncScheduler,
  defer,
  finalize,
  ignoreElements,
  merge,
  repeat,
  throwIfEmpty,
  timer,
} from 'rxjs';
import { exponentialBackoff } from '../connection/backoff.js';
import type { Connection } from '../connection/connection.js';
import { ConnectionClosedError } from '../errors.js';

/** ms after which an operation has lasted: the backoff begins anew. */
const lasting = 5_000;

/** For one operation, whatever connection it runs on: runs it again when the server has completed it, with backoff; the server meant "come back". */
export function createRestart<T>(): (connection: Connection) => MonoTypeOperatorFunction<T> {
  const backoff = exponentialBackoff();
  let attempt = 0;
  const reset = () => {
    attempt = 0;
  };
  return ({ messages$ }) => {
    const lost$ = messages$.pipe(
      ignoreElements(),
      throwIfEmpty(() => new ConnectionClosedError(1006, '', false)),
    );
    const pause = () => {
      attempt += 1;
      return merge(timer(backoff(undefined, attempt)), lost$);
    };
    return (source$) =>
      defer(() => {
        const lasted = asyncScheduler.schedule(reset, lasting);
        return source$.pipe(
          finalize(() => {
            lasted.unsubscribe();
          }),
        );
      }).pipe(repeat({ delay: pause }));
  };
}
