import { type GraphQLSocketError, isGraphQLSocketError } from 'rx-graphql-ws';
import { UsageError } from './usage-error.js';

/** The exit codes of the program. */
export const exitCode = { done: 0, failed: 1, usage: 2, unreachable: 3, deadline: 4 } as const;

/** The errors of the library that are no failure of the operation. A connection that is lost for good counts as one that could not be made. */
const codes: Partial<Record<GraphQLSocketError['name'], number>> = {
  ConfigurationError: exitCode.usage,
  ConnectionError: exitCode.unreachable,
  HandshakeError: exitCode.unreachable,
  ConnectionClosedError: exitCode.unreachable,
  SilentDisconnectError: exitCode.unreachable,
  ProtocolError: exitCode.unreachable,
};

/** The exit code for an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCode.usage;
  return (isGraphQLSocketError(error) ? codes[error.name] : undefined) ?? exitCode.failed;
}
