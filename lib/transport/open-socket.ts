import type { Observable } from 'rxjs';
import { switchMap } from 'rxjs';
import type { Resolvable, Variables } from '../types.js';
import type { OpenSocket } from './dialled-socket.js';
import { dialSocket } from './dial-socket.js';
import { resolveAll } from './resolve.js';
import { defaultSubprotocols } from './subprotocols.js';
import type { WebSocketConstructor } from './web-socket-like.js';

/** What to dial, and how. */
export interface OpenSocketOptions {
  /** `ws:` or `wss:` URL (`http:` and `https:` are mapped). */
  url: Resolvable<string | URL>;
  /**
   * Subprotocols to offer, in order; one name forces that protocol, unknown names are offered as they are (`header-…`).
   * @defaultValue `['graphql-transport-ws', 'graphql-ws']`
   */
  subprotocols?: Resolvable<readonly string[]> | undefined;
  /** A WebSocket constructor. @defaultValue isomorphic-ws in Node, `globalThis.WebSocket` at call time in a browser */
  webSocketImpl?: WebSocketConstructor | undefined;
  /**
   * Third argument of the constructor, for `ws`: `headers`, `ca`, `cert`, `key`, `agent`, … Not in a browser.
   * @defaultValue `{ perMessageDeflate: false, maxPayload: 32 MiB }`, under what is given
   */
  webSocketOptions?: Resolvable<Variables> | undefined;
  /** ms to open the socket: DNS, TCP, TLS and upgrade together. `false` = for ever. @defaultValue `10_000` */
  connectTimeout?: number | false | undefined;
  /** ms that a graceful close may take before the socket is dropped. @defaultValue `3_000` */
  closeTimeout?: number | undefined;
}

/**
 * A WebSocket as a cold Observable: each subscription resolves the options, dials, emits the socket when it is open, and
 * never completes by itself. Every close that was not asked for is an error. Unsubscribing closes the socket with 1000.
 *
 * @throws ConnectionError - could not open. ConnectionClosedError - closed by the peer. HandshakeError - no common
 * subprotocol (Node). ConfigurationError - a bad URL, or no WebSocket constructor.
 *
 * @example
 * ```ts
 * openSocket({ url: 'wss://example.org/graphql' }).pipe(handshake(), keepAlive(), reconnect());
 * ```
 */
export function openSocket(options: OpenSocketOptions): Observable<OpenSocket> {
  const { url, subprotocols = defaultSubprotocols, webSocketOptions } = options;
  return resolveAll(
    { url, subprotocols, webSocketOptions },
    { attempt: 0, error: undefined },
    options.connectTimeout,
  ).pipe(switchMap((values) => dialSocket({ ...options, ...values })));
}
