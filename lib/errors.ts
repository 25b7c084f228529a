/**
 * The closed set of errors. Each has a literal `name` and a brand, so that a `switch (error.name)` narrows and
 * {@link isGraphQLSocketError} works across the ESM and CommonJS builds, where `instanceof` does not.
 */
import type { GraphQLFormattedError } from './types.js';

const brand = Symbol.for('rx-graphql-ws.error');

class BrandedError extends Error {
  constructor(name: string, message: string, fields: object, options?: ErrorOptions) {
    super(message, options);
    Object.defineProperty(this, brand, { writable: true });
    // a field without a value is absent
    const given: readonly [string, unknown][] = Object.entries({ name, ...fields });
    Object.assign(this, Object.fromEntries(given.filter(([, value]) => value !== undefined)));
  }
}

/** A bad option or request, or no WebSocket constructor to dial with. `option` names what was wrong. */
export class ConfigurationError extends BrandedError {
  declare readonly name: 'ConfigurationError';
  declare readonly option: string;
  constructor(option: string, message: string, options?: ErrorOptions) {
    super('ConfigurationError', message, { option }, options);
  }
}

/**
 * A connection could not be opened: refused, DNS, TLS, an HTTP status, `connectTimeout`, a function or Observable
 * given as an option that failed; or an operation was not sent within `sendWithin`.
 */
export class ConnectionError extends BrandedError {
  declare readonly name: 'ConnectionError';
  /** HTTP status of the refused upgrade (Node with `ws`; a browser does not tell). */
  declare readonly status?: number;
  /** ms that the server asks to wait (`Retry-After`), from a second to five minutes. */
  declare readonly retryAfter?: number;
  /**
   * The first 1 000 characters of the body of the refused upgrade (Node with `ws`), without control characters. What it repeats of the
   * request's own query and headers reads `[redacted]`.
   */
  declare readonly body?: string;
  constructor(
    message: string,
    options?: ErrorOptions & {
      status?: number;
      retryAfter?: number | undefined;
      body?: string | undefined;
    },
  ) {
    const { status, retryAfter, body } = options ?? {};
    super('ConnectionError', message, { status, retryAfter, body }, options);
  }
}

/** The socket opened, but the server did not acknowledge: too late, refused, or in no protocol that we speak. */
export class HandshakeError extends BrandedError {
  declare readonly name: 'HandshakeError';
  declare readonly kind: 'timeout' | 'rejected' | 'subprotocol';
  /** The payload of the server's refusal. */
  declare readonly payload?: unknown;
  constructor(
    kind: HandshakeError['kind'],
    message: string,
    options: ErrorOptions & { payload?: unknown } = {},
  ) {
    super('HandshakeError', message, { kind, payload: options.payload }, options);
  }
}

/** The peer closed the connection, for whatever reason; or `reconnect()` did. */
export class ConnectionClosedError extends BrandedError {
  declare readonly name: 'ConnectionClosedError';
  declare readonly code: number;
  declare readonly reason: string;
  declare readonly wasClean: boolean;
  constructor(code: number, reason: string, wasClean: boolean, options?: ErrorOptions) {
    const message = `connection closed: ${code} ${printable(reason)}`;
    super('ConnectionClosedError', message.trim(), { code, reason, wasClean }, options);
  }
}

/** Nothing was heard for `keepAliveTimeout`, or no pong within `pongTimeout`. */
export class SilentDisconnectError extends BrandedError {
  declare readonly name: 'SilentDisconnectError';
  /** ms of the deadline that passed in silence. */
  declare readonly silentFor: number;
  declare readonly kind: 'silence' | 'pong';
  constructor(kind: SilentDisconnectError['kind'], silentFor: number) {
    const missing = kind === 'pong' ? kind : 'frame';
    const message = `silent disconnect: no ${missing} received for ${inMs(silentFor)}`;
    super('SilentDisconnectError', message, { kind, silentFor });
  }
}

/** A frame that is not of the protocol. */
export class ProtocolError extends BrandedError {
  declare readonly name: 'ProtocolError';
  /** The frame's first 200 characters. */
  declare readonly frame: string;
  constructor(message: string, frame: string, options?: ErrorOptions) {
    const { cause } = options ?? {};
    // JSON.parse quotes the frame, control characters and all, and a console prints a cause as it is
    const quoted = cause instanceof SyntaxError && {
      cause: new SyntaxError(printable(cause.message)),
    };
    super('ProtocolError', message, { frame: frame.slice(0, 200) }, quoted || options);
  }
}

/** The server refused or failed the operation, or answered with errors under `errorPolicy: 'none'`. */
export class OperationError extends BrandedError {
  declare readonly name: 'OperationError';
  declare readonly errors: readonly GraphQLFormattedError[];
  /** Partial data that came with the errors. */
  declare readonly data?: unknown;
  constructor(errors: readonly GraphQLFormattedError[], data?: unknown) {
    const messages = errors.map(({ message }) => message).join('; ');
    super('OperationError', `operation failed: ${printable(messages)}`, { errors, data });
  }
}

/** The connection was lost after an operation that is not sent twice had been sent: it may or may not have run. */
export class ConnectionLostError extends BrandedError {
  declare readonly name: 'ConnectionLostError';
  declare readonly operationId: string;
  constructor(operationId: string, options?: ErrorOptions) {
    const { cause } = options ?? {};
    const reason = isGraphQLSocketError(cause) ? ` (${cause.message})` : '';
    const message = `connection lost: operation ${operationId} may or may not have run${reason}`;
    super('ConnectionLostError', message, { operationId }, options);
  }
}

/** The socket object was used after its `close()`. */
export class SocketDisposedError extends BrandedError {
  declare readonly name: 'SocketDisposedError';
  constructor() {
    super('SocketDisposedError', 'the socket was closed by close()', {});
  }
}

export type GraphQLSocketError =
  | ConfigurationError
  | ConnectionError
  | HandshakeError
  | ConnectionClosedError
  | SilentDisconnectError
  | ProtocolError
  | OperationError
  | ConnectionLostError
  | SocketDisposedError;

/**
 * Whether `error` is one of this package's errors, whichever build of it made the error.
 *
 * @example
 * ```ts
 * socket.subscribe$(query).subscribe({
 *   error: (error) => {
 *     if (isGraphQLSocketError(error) && error.name === 'OperationError') show(error.errors);
 *   },
 * });
 * ```
 */
export function isGraphQLSocketError(error: unknown): error is GraphQLSocketError {
  return typeof error === 'object' && error !== null && brand in error;
}

/** Facts about an error that decide what the client does next, and that are not part of the public contract. */
export type ErrorKind =
  /** Another attempt with the same configuration ends the same way. */
  | 'misconfiguration'
  /** The server broke the protocol. */
  | 'protocol-fault'
  /** Over one of several operations the server closed the connection, and which one is to be found out. */
  | 'search'
  /** It is a loss like any other, also if its code says more: over a ping that the server does not know, over one of too many culprits, or by `connectTimeout`. */
  | 'plain-loss'
  /** As `search`; and the operation was found. */
  | 'found'
  /** The server has selected all subprotocols at once. */
  | 'whole-offer'
  /** Nothing that the client can do makes this server answer. */
  | 'final'
  /** The operation that gets this error made the server close the connection. */
  | 'culprit';

/**
 * Remembers the kind of an error; the last call counts. It is stored under the brand, which is a registered symbol,
 * because the ESM and the CommonJS build must read each other's errors, and a string key would show in logs.
 */
export function setErrorKind<T extends GraphQLSocketError>(error: T, kind: ErrorKind): T {
  return Object.assign(error, { [brand]: kind });
}

/** Remembers with a close before the ack the error that it is if it goes on. */
export function setRefusal(error: GraphQLSocketError, refusal: HandshakeError): void {
  Object.assign(error, { [brand]: refusal });
}

/** The error of {@link setRefusal}. */
export function refusalOf(error: unknown): HandshakeError | undefined {
  const given = (Object(error) as { [brand]?: unknown })[brand];
  return isGraphQLSocketError(given) ? (given as HandshakeError) : undefined;
}

/** @internal */
export function hasErrorKind(error: unknown, kind: ErrorKind): boolean {
  return (Object(error) as { [brand]?: unknown })[brand] === kind;
}

/** The code with which the peer closed; 0 if that was not the reason. */
export function closeCodeOf(error: unknown): number {
  return (Object(error) as { code?: number }).code ?? 0;
}

/** A limit for a message. One below 100 was most often meant as seconds, so the unit is spelt out. */
export function inMs(limit: number): string {
  return `${limit} ms${limit < 100 ? ' (milliseconds)' : ''}`;
}

/** Server text for a message: no control or bidi characters (log forging), 256 characters at most, unless told otherwise. */
export function printable(text: string, length = 256): string {
  return text.slice(0, length).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ');
}
