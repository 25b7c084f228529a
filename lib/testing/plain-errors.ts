import type { GraphQLFormattedError } from 'rx-graphql-ws';

/**
 * GraphQL errors as JSON can hold them: of an `Error` among them it would leave nothing. One that writes itself, as a GraphQLError
 * does, is left alone.
 *
 * @param errors - what stands in their place, and is no list, stays what it is
 */
export function plainErrors<T>(errors: T): T {
  return Array.isArray(errors) ? (errors.map(plainError) as T) : errors;
}

/** A result with its errors as JSON can hold them. */
export function withPlainErrors<T extends object>(result: T): T {
  return 'errors' in result ? { ...result, errors: plainErrors(result.errors) } : result;
}

function plainError(error: unknown): unknown {
  // by its tag: test environments have globals of their own
  if (Object.prototype.toString.call(error) !== '[object Error]') return error;
  // JSON leaves out what is undefined
  const { message, locations, path, extensions } = error as GraphQLFormattedError;
  return { message, locations, path, extensions };
}
