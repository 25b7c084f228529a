import type { Observable } from 'rxjs';
import { noop, of } from 'rxjs';
import type { FlowControl } from './ws-abilities.js';

/** A browser's WebSocket cannot stop reading. */
export function createFlowControl(): FlowControl {
  return { pausable: false, reading$: of(true), pause: noop, resume: noop };
}

/** The connection always reads. */
export function whileReading<T>(_connection: FlowControl, watch$: Observable<T>): Observable<T> {
  return watch$;
}

export { whileReading as onceReading };

/** A browser answers pings of the WebSocket protocol by itself, and neither shows nor sends them. */
export function followSocketPings(): (() => void) | undefined {
  return undefined;
}
