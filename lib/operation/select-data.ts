import type { OperatorFunction } from 'rxjs';
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
  return selectFrom((result) => result, options);
}

/** {@link selectData} behind whatever gives the result, in one operator. */
export function selectFrom<TInput, TData>(
  read: (input: TInput) => ExecutionResult<TData>,
  options: SelectDataOptions,
): OperatorFunction<TInput, TData> {
  return (input$) =>
    new Observable((subscriber) =>
      input$.subscribe({
        next(input) {
          try {
            const result = read(input);
            throwErrors(result, options);
            if (hasData(result, options)) subscriber.next(result.data as TData);
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
      }),
    );
}

function throwErrors({ errors, data }: ExecutionResult, { errorPolicy }: SelectDataOptions): void {
  // an empty list is no error, though the specification forbids it
  const none = errors == null || (Array.isArray(errors) && errors.length === 0);
  if (!none && errorPolicy !== 'ignore') throw new OperationError(executionErrors(errors), data);
}

function hasData({ data }: ExecutionResult, { errorPolicy }: SelectDataOptions): boolean {
  return errorPolicy === 'ignore' ? data != null : data !== undefined;
}
