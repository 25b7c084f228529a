import type { OperatorFunction, Subscriber } from 'rxjs';
import { Observable } from 'rxjs';
import { OperationError } from '../errors.js';
import { executionErrors } from '../protocol/execution-errors.js';
import type { ExecutionResult } from '../types.js';

/** What results with errors mean. */
export interface SelectDataOptions {
  /** `none`: a result with errors is an `OperationError`. `ignore`: its data passes, unless it is null. @defaultValue `'none'` */
  errorPolicy?: 'none' | 'ignore' | undefined;
}

/**
 * The `data` of results; a result without the key (the last of an incremental delivery) is passed over.
 *
 * @throws OperationError - a result with errors under `errorPolicy: 'none'`, with its partial data.
 *
 * @example
 * ```ts
 * socket.execute$(query).pipe(selectData({ errorPolicy: 'ignore' }));
 * ```
 */
export function selectData<TData>(
  options: SelectDataOptions = {},
): OperatorFunction<ExecutionResult<TData>, TData> {
  return (result$) =>
    new Observable((subscriber) => {
      // rxjs would link the consumer's subscription to ours (see sealed)
      const results = result$.subscribe({
        next(result) {
          try {
            deliverData(result, options, subscriber);
          } catch (error) {
            subscriber.error(error);
          }
        },
        error(error: unknown) {
          subscriber.error(error);
        },
        complete() {
          subscriber.complete();
        },
      });
      return () => {
        results.unsubscribe();
      };
    });
}

/** Gives a subscriber the data of one result, or the error that it is. */
export function deliverData<TData>(
  result: ExecutionResult<TData>,
  options: SelectDataOptions,
  subscriber: Subscriber<TData>,
): void {
  const { errors, data } = result;
  if (isFailure(result, options)) throw new OperationError(executionErrors(errors), data);
  if (hasData(result, options)) subscriber.next(data as TData);
}

/** Whether a result is delivered as a value. */
export function isValue(result: ExecutionResult, options: SelectDataOptions): boolean {
  return hasData(result, options) && !isFailure(result, options);
}

function isFailure({ errors }: ExecutionResult, { errorPolicy }: SelectDataOptions): boolean {
  // an empty list is no error, though the specification forbids it
  const none = errors == null || (Array.isArray(errors) && errors.length === 0);
  return !none && errorPolicy !== 'ignore';
}

function hasData({ data }: ExecutionResult, { errorPolicy }: SelectDataOptions): boolean {
  return errorPolicy === 'ignore' ? data != null : data !== undefined;
}
