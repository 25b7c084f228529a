import type { GraphQLFormattedError } from 'rx-graphql-ws';

/**
 * Turns each `Error` into a GraphQL error, because JSON would write `{}` for it. Errors with a `toJSON()`, such as GraphQLError, stay.
 * @param errors - anything else than a list stays as it is
 */
export function plainErrors<T>(errors: T): T {
  return Array.isArray(errors) ? (errors.map(plainError) as T) : errors;
}

export function withPlainErrors<T extends object>(result: T): T {
  return 'errors' in result ? { ...result, errors: plainErrors(result.errors) } : result;
}

function plainError(error: unknown): unknown {
  // by its tag: test environments have globals of their own
  if (Object.prototype.toString.call(error) !== '[object Error]') return error;
  // JSON leaves out members that are undefined
  const { message, locations, path, extensions } = error as GraphQLFormattedError;
  return { message, locations, path, extensions };
}
