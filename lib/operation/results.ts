import type { OperatorFunction, Subscriber } from 'rxjs';
import { map, Observable } from 'rxjs';
import { OperationError } from '../errors.js';
import { errorsOfResult } from '../protocol/graphql-errors.js';
import type { ExecutionResult, Payload } from '../types.js';

/**
 * Parses results. What is dropped before it (`auditTime`, `sample`, `distinctUntilChanged` on `text`) is never parsed.
 *
 * @throws ProtocolError - not JSON, or not the shape of a result.
 *
 * @example
 * ```ts
 * socket.payload$(ticks).pipe(auditTime(16), decode(), selectData());
 * ```
 */
export function decode<TData>(): OperatorFunction<Payload<TData>, ExecutionResult<TData>> {
  return map((payload) => payload.decode());
}

/** The meaning of results with errors. */
export interface SelectDataOptions {
  /** `none`: a result with errors is an `OperationError`. `ignore`: its data passes, unless it is null. @defaultValue `'none'` */
  errorPolicy?: 'none' | 'ignore' | undefined;
}

/**
 * The `data` of results; a result without the key is passed over.
 *
 * @throws OperationError - a result with errors under `errorPolicy: 'none'`, with its partial data. A result of incremental delivery
 * (`@defer`, `@stream`: `hasNext: true`, `incremental`, `path`), because it is no whole data.
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
      // an rxjs operator would link the consumer's subscription to ours (see `sealed`)
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

const notWhole = {
  message: 'incremental delivery (`@defer`, `@stream`) gives no whole data: use `execute$`',
};

/** The fields of incremental delivery, in all versions of its proposal. */
type Increment = Readonly<Record<'hasNext' | 'incremental' | 'completed' | 'path', unknown>>;

/** Gives a subscriber the data of one result, and tells whether there were any. @throws OperationError - the result is an error. */
export function deliverData<TData>(
  result: ExecutionResult<TData>,
  { errorPolicy }: SelectDataOptions,
  subscriber: Subscriber<TData>,
): boolean {
  const { data, errors } = result;
  // most results have none of them
  if (errors || (result as Increment).completed || isIncrement(result as Increment))
    throwErrors(result, errorPolicy);
  const hasData = errorPolicy === 'ignore' ? data != null : data !== undefined;
  if (hasData) subscriber.next(data as TData);
  return hasData;
}

function isIncrement({ hasNext, incremental, path }: Increment): boolean {
  return hasNext === true || incremental != null || path != null;
}

function throwErrors(result: ExecutionResult, errorPolicy: SelectDataOptions['errorPolicy']): void {
  const failures = errorsOfResult(result);
  if (isIncrement(result as Increment))
    throw new OperationError([notWhole, ...failures], result.data);
  if (failures.length > 0 && errorPolicy !== 'ignore')
    throw new OperationError(failures, result.data);
}
