import type { OperatorFunction } from 'rxjs';
import { map } from 'rxjs';
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
