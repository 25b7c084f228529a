import type { GraphQLSocketError } from '../errors.js';
import { isMisconfiguration } from '../errors.js';
import { isCredentialsCloseCode, isFatalCloseCode } from '../transport/close-code.js';

export type FailureKind =
  /** Another attempt may do better. */
  | 'passing'
  /** The server refused who we are: fresh credentials may do better, once. */
  | 'credentials'
  /** Nothing but the user can change it; or something has broken since it worked. */
  | 'misconfiguration'
  | 'fatal';

/** What a failed attempt or a lost connection means. */
export function classifyFailure(error: GraphQLSocketError): FailureKind {
  switch (error.name) {
    case 'ConnectionClosedError':
      if (isCredentialsCloseCode(error.code)) return 'credentials';
      return isFatalCloseCode(error.code) ? 'fatal' : 'passing';
    case 'ConnectionError':
      if (error.status === 401 || error.status === 403) return 'credentials';
      return isMisconfiguration(error) ? 'misconfiguration' : 'passing';
    case 'HandshakeError':
      if (error.kind === 'rejected') return 'credentials';
      return error.kind === 'subprotocol' ? 'misconfiguration' : 'passing';
    case 'ConfigurationError':
      return 'misconfiguration';
    case 'SilentDisconnectError':
    case 'ProtocolError':
      return 'passing';
    default:
      return 'fatal';
  }
}
