/**
 * The closed set of errors. Each has a literal `name` and a brand, so that a `switch (error.name)` narrows and
 * {@link isGraphQLSocketError} works across the ESM and CommonJS builds, where `instanceof` does not.
 */
import type { GraphQLFormattedError } from './types.js';

const brand = Symbol.for('rx-graphql-ws.error');
const misconfiguration = Symbol.for('rx-graphql-ws.misconfiguration');

abstract class BrandedError extends Error {
  static {
    Object.defineProperty(this.prototype, brand, { value: true });
  }
}

/** A bad option or request, or no WebSocket constructor to dial with. `option` names what was wrong. */
export class ConfigurationError extends BrandedError {
  override readonly name = 'ConfigurationError';
  readonly option: string;
  constructor(option: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.option = option;
  }
}

/**
 * A connection could not be opened: refused, DNS, TLS, an HTTP status, `connectTimeout`, a function or Observable
 * given as an option that failed; or an operation was not sent within `sendWithin`.
 */
export class ConnectionError extends BrandedError {
  override readonly name = 'ConnectionError';
  /** HTTP status of the refused upgrade (Node with `ws`; a browser does not tell). */
  declare readonly status?: number;
  constructor(
    message: string,
    options: ErrorOptions & {
      status?: number | undefined;
      misconfigured?: boolean | undefined;
    } = {},
  ) {
    super(message, options);
    if (options.status !== undefined) this.status = options.status;
    if (options.misconfigured) Object.defineProperty(this, misconfiguration, { value: true });
  }
}

/** The socket opened, but the server did not acknowledge: too late, refused, or in no protocol that we speak. */
export class HandshakeError extends BrandedError {
  override readonly name = 'HandshakeError';
  readonly kind: 'timeout' | 'rejected' | 'subprotocol';
  /** What the server sent with its refusal. */
  declare readonly payload?: unknown;
  constructor(
    kind: HandshakeError['kind'],
    message: string,
    options: ErrorOptions & { payload?: unknown } = {},
  ) {
    super(message, options);
    this.kind = kind;
    if (options.payload !== undefined) this.payload = options.payload;
  }
}

/** The peer closed the connection, for whatever reason. */
export class ConnectionClosedError extends BrandedError {
  override readonly name = 'ConnectionClosedError';
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  constructor(code: number, reason: string, wasClean: boolean, options?: ErrorOptions) {
    super(`connection closed: ${String(code)} ${printable(reason)}`.trimEnd(), options);
    this.code = code;
    this.reason = reason;
    this.wasClean = wasClean;
  }
}

/** Nothing was heard for `keepAliveTimeout`, or no pong within `pongTimeout`. */
export class SilentDisconnectError extends BrandedError {
  override readonly name = 'SilentDisconnectError';
  /** ms of the deadline that passed in silence. */
  readonly silentFor: number;
  readonly kind: 'silence' | 'pong';
  constructor(kind: SilentDisconnectError['kind'], silentFor: number) {
    super(
      kind === 'pong'
        ? `silent disconnect: no pong received within ${String(silentFor)} ms of our ping`
        : `silent disconnect: no frame received for ${String(silentFor)} ms`,
    );
    this.kind = kind;
    this.silentFor = silentFor;
  }
}

/** A frame that is not of the protocol. */
export class ProtocolError extends BrandedError {
  override readonly name = 'ProtocolError';
  /** The frame's first 200 characters. */
  readonly frame: string;
  constructor(message: string, frame: string, options?: ErrorOptions) {
    super(message, options);
    this.frame = frame.slice(0, 200);
  }
}

/** The server refused or failed the operation, or answered with errors under `errorPolicy: 'none'`. */
export class OperationError extends BrandedError {
  override readonly name = 'OperationError';
  readonly errors: readonly GraphQLFormattedError[];
  /** Partial data that came with the errors. */
  declare readonly data?: unknown;
  constructor(errors: readonly GraphQLFormattedError[], data?: unknown) {
    super(`operation failed: ${printable(errors.map(({ message }) => message).join('; '))}`);
    this.errors = errors;
    if (data !== undefined) this.data = data;
  }
}

/** The connection was lost after an operation that is not sent twice had been sent: it may or may not have run. */
export class ConnectionLostError extends BrandedError {
  override readonly name = 'ConnectionLostError';
  readonly operationId: string;
  constructor(operationId: string, options?: ErrorOptions) {
    super(
      `connection lost while operation ${operationId} was under way: it may or may not have run`,
      options,
    );
    this.operationId = operationId;
  }
}

/** The socket object was used after its `close()`. */
export class SocketDisposedError extends BrandedError {
  override readonly name = 'SocketDisposedError';
  constructor() {
    super('the socket was closed by close() and cannot be used again');
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
 * socket.subscribe$(query).subscribe({
 *   error: (error) => {
 *     if (isGraphQLSocketError(error) && error.name === 'OperationError') show(error.errors);
 *   },
 * });
 */
export function isGraphQLSocketError(error: unknown): error is GraphQLSocketError {
  return typeof error === 'object' && error !== null && brand in error;
}

/** Whether the attempt failed over something that another attempt will hardly change (see reconnect). */
export function isMisconfiguration(error: GraphQLSocketError): boolean {
  return misconfiguration in error;
}

/** Server text for a message: no control or bidi characters (log forging), 256 characters at most. */
export function printable(text: string): string {
  return text.slice(0, 256).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}
