import type { Observable } from 'rxjs';
import { of } from 'rxjs';
import type { FlowControl } from './flow-control.js';

const nothing = () => undefined;

/** A browser's WebSocket cannot stop reading. */
export function createFlowControl(): FlowControl {
  return { pausable: false, reading$: of(true), pause: nothing, resume: nothing };
}

/** The connection always reads. */
export function whileReading<T>(_connection: FlowControl, watch$: Observable<T>): Observable<T> {
  return watch$;
}

export { whileReading as onceReading };
