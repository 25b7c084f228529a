/**
 * The closed set of errors. Each has a literal `name` and a brand, so that a `switch (error.name)` narrows and
 * {@link isGraphQLSocketError} works across the ESM and CommonJS builds, where `instanceof` does not.
 */
import type { GraphQLFormattedError } from './types.js';

const brand = Symbol.for('rx-graphql-ws.error');

class BrandedError extends Error {
  constructor(name: string, message: string, fields: object, options?: ErrorOptions) {
    super(message, options);
    Object.assign(Object.defineProperty(this, brand, {}), { name }, fields);
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
  constructor(message: string, options?: ErrorOptions & { status?: number; retryAfter?: number }) {
    const { status, retryAfter } = options ?? {};
    const fields = { ...(status && { status }), ...(retryAfter && { retryAfter }) };
    super('ConnectionError', message, fields, options);
  }
}

/** The socket opened, but the server did not acknowledge: too late, refused, or in no protocol that we speak. */
export class HandshakeError extends BrandedError {
  declare readonly name: 'HandshakeError';
  declare readonly kind: 'timeout' | 'rejected' | 'subprotocol';
  /** What the server sent with its refusal. */
  declare readonly payload?: unknown;
  constructor(
    kind: HandshakeError['kind'],
    message: string,
    options: ErrorOptions & { payload?: unknown } = {},
  ) {
    const { payload } = options;
    super('HandshakeError', message, payload === undefined ? { kind } : { kind, payload }, options);
  }
}

/** The peer closed the connection, for whatever reason. */
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
    const message = `silent disconnect: no ${missing} received for ${silentFor} ms`;
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
    const fields = data === undefined ? { errors } : { errors, data };
    super('OperationError', `operation failed: ${printable(messages)}`, fields);
  }
}

/** The connection was lost after an operation that is not sent twice had been sent: it may or may not have run. */
export class ConnectionLostError extends BrandedError {
  declare readonly name: 'ConnectionLostError';
  declare readonly operationId: string;
  constructor(operationId: string, options?: ErrorOptions) {
    const message = `connection lost: operation ${operationId} may or may not have run`;
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

/** Server text for a message: no control or bidi characters (log forging), 256 characters at most. */
export function printable(text: string): string {
  return text.slice(0, 256).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ');
}
