import type { GraphQLFormattedError } from '../types.js';

/**
 * Errors from whatever a server calls so: an array, one error, `{ errors }`, a whole result, a string, nothing.
 * Servers differ here more than anywhere else; the specification of the current protocol asks for an array.
 */
export function graphqlErrors(payload: unknown): readonly GraphQLFormattedError[] {
  const given = [payload].flat().flatMap((error: unknown) => {
    const { errors } = Object(error) as { errors?: unknown };
    return Array.isArray(errors) ? (errors as unknown[]) : [error];
  });
  return (given.length > 0 ? given : [payload]).map((error) => {
    if (typeof error === 'string') return { message: error };
    const { message } = Object(error) as Partial<GraphQLFormattedError>;
    return typeof message === 'string'
      ? (error as GraphQLFormattedError)
      : { message: 'unknown error' };
  });
}
