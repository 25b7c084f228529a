import type { Subscriber } from 'rxjs';
import { Observable } from 'rxjs';
import { prepareRequest } from '../protocol/request.js';
import { throwLater } from '../throw-later.js';
import type { RequestInput } from '../types.js';
import type { RunOptions } from './execute.js';
import type { ConnectionSource } from './fan-out.js';
import { createRequestKey } from './request-key.js';
import type { SelectDataOptions } from './select-data.js';
import type { SharedOperation } from './shared-operation.js';
import { createSharedOperation } from './shared-operation.js';

/** How a subscriber shares an operation. */
export interface ShareOptions {
  /** How many of the latest values one that comes late gets at once. As many are kept as anybody has asked for. @defaultValue `0` */
  replay?: number | undefined;
  /** ms that the operation is kept after this subscriber, if it was the last. 0 is a timer too: `switchMap` from one to the next keeps it. @defaultValue `0` */
  linger?: number | undefined;
}

/**
 * Runs one operation for all that ask for the same: sent for the first, stopped `linger` ms after the last. Each result is decoded
 * once, and the same data handed to all. While nothing is connected nothing lingers, and an operation whose connection is lost while
 * it lingers is not sent again.
 */
export function shareOperations(source: () => ConnectionSource) {
  const operations = new Map<string, SharedOperation>();
  const keyed = createRequestKey();

  const find = <TData, TVariables>(
    request: RequestInput<TData, TVariables>,
    options: RunOptions,
  ): SharedOperation => {
    const connections = source();
    const { key, request: prepared } = keyed(prepareRequest(request, options), options);
    const running = operations.get(key);
    if (running) return running;
    const operation = createSharedOperation(connections, prepared, options, () => {
      operations.delete(key);
    });
    operations.set(key, operation);
    return operation;
  };
  return <TData, TVariables>(
    request: RequestInput<TData, TVariables>,
    options: RunOptions & SelectDataOptions,
    { replay = 0, linger = 0 }: ShareOptions,
  ): Observable<TData> =>
    new Observable((subscriber) => {
      let operation: SharedOperation;
      try {
        operation = find(request, options);
      } catch (error) {
        return throwLater(error).subscribe(subscriber);
      }
      const { errorPolicy } = options;
      const listener = { subscriber: subscriber as Subscriber<unknown>, errorPolicy, since: 0 };
      operation.join(listener, replay);
      return () => {
        operation.leave(listener, linger);
      };
    });
}
