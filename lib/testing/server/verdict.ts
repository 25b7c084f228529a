import type { IncomingHttpHeaders } from 'node:http';
import { defer, from, isObservable, NEVER, type Observable, of, take, timer } from 'rxjs';

/** An HTTP request to upgrade to a WebSocket. */
export interface UpgradeRequest {
  /** Path and query, as requested. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The subprotocols that the client offers, in its order. */
  readonly subprotocols: readonly string[];
}

/** An HTTP answer instead of an upgrade. */
export interface HttpRefusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The answer of `authorize`: nothing or `true` upgrades, `false` answers 401. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- so that a callback may return nothing
export type UpgradeVerdict = void | undefined | boolean | HttpRefusal;

/** A handshake that the server refuses. */
export interface Rejection {
  /** Payload of the legacy `connection_error`. The current protocol has no message for it. */
  readonly reject: unknown;
  /** Code of the close that follows; `false` leaves the socket open. @defaultValue 4403, on the legacy protocol 1011 */
  readonly code?: number | false;
  /** Reason of the close that follows. @defaultValue `'Forbidden'` */
  readonly reason?: string;
}

/** The answer of `connect`: nothing or `true` acknowledges the `connection_init`, `false` refuses it. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- so that a callback may return nothing
export type ConnectVerdict = void | undefined | boolean | { readonly ack: unknown } | Rejection;

/** A value, or a promise or Observable of it. The first value counts. */
export type Eventually<T> = T | PromiseLike<T> | Observable<T>;

/** Asks a function of the user's for its first value, with each subscription. A throw is the error. */
export function eventually<T>(ask: () => Eventually<T>): Observable<T> {
  return defer((): Observable<T> => {
    const answer = ask();
    if (isObservable(answer)) return answer;
    return isPromiseLike(answer) ? from(answer) : of(answer);
  }).pipe(take(1));
}

function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value;
}

/** Emits once, after so many ms: 0 emits in a microtask, `false` never. */
export function after(ms: number | false): Observable<unknown> {
  if (ms === false) return NEVER;
  return ms === 0 ? from(Promise.resolve()) : timer(ms);
}
