import type { IncomingHttpHeaders } from 'node:http';
import type { Observable } from 'rxjs';

/** An HTTP request to be upgraded. */
export interface UpgradeRequest {
  /** Path and query, as requested. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The subprotocols offered, in the client's order. */
  readonly subprotocols: readonly string[];
}

/** An HTTP answer instead of an upgrade. */
export interface HttpRefusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What becomes of an upgrade: nothing or `true` upgrades, `false` answers 401. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- so that a callback may return nothing
export type UpgradeVerdict = void | undefined | boolean | HttpRefusal;

/** A handshake refused. */
export interface Rejection {
  /** Payload of the legacy `connection_error`. The current protocol has no message for it. */
  readonly reject: unknown;
  /**
   * Close code that follows. With `false` no close does: the legacy `connection_error` stands alone, and on the current protocol the
   * client is not answered at all.
   *
   * @defaultValue 4403, on the legacy protocol 1011
   */
  readonly code?: number | false;
  /**
   * Close reason that follows.
   *
   * @defaultValue `'Forbidden'`
   */
  readonly reason?: string;
}

/** What becomes of a `connection_init`: nothing or `true` acknowledges it, `false` refuses it. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- so that a callback may return nothing
export type ConnectVerdict = void | undefined | boolean | { readonly ack: unknown } | Rejection;

/** A value, or a promise or Observable of it. The first value counts; one that never comes is never answered. */
export type Eventually<T> = T | PromiseLike<T> | Observable<T>;
