import { isGraphQLSocketError } from 'rx-graphql-ws';
import { UsageError } from './usage-error.js';

/** The exit codes of the program. */
export const exitCode = { done: 0, failed: 1, usage: 2, unreachable: 3, deadline: 4 } as const;

/** The exit code for an error. A connection that is lost for good counts as one that could not be made. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCode.usage;
  if (!isGraphQLSocketError(error)) return exitCode.failed;
  switch (error.name) {
    case 'ConfigurationError':
      return exitCode.usage;
    case 'ConnectionError':
    case 'HandshakeError':
    case 'ConnectionClosedError':
    case 'SilentDisconnectError':
    case 'ProtocolError':
      return exitCode.unreachable;
    default:
      return exitCode.failed;
  }
}
