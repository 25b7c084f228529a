import type { GraphQLFormattedError } from '../types.js';

const unknownError: GraphQLFormattedError = { message: 'unknown error' };

/**
 * Errors from whatever a server calls so: an array, one error, `{ errors }`, a whole result, a string, nothing.
 * Servers differ here more than anywhere else; the specification of the current protocol asks for an array.
 */
export function executionErrors(payload: unknown): readonly GraphQLFormattedError[] {
  const errors = Array.isArray(payload) ? payload.flatMap(nested) : nested(payload);
  return errors.length > 0 ? errors : [unknownError];
}

function nested(value: unknown): readonly GraphQLFormattedError[] {
  if (typeof value === 'string') return [{ message: value }];
  if (typeof value !== 'object' || value === null) return [unknownError];
  if ('message' in value && typeof value.message === 'string') {
    return [value as GraphQLFormattedError];
  }
  if ('errors' in value && Array.isArray(value.errors)) return value.errors.flatMap(formatted);
  return [unknownError];
}

function formatted(value: unknown): GraphQLFormattedError {
  if (typeof value === 'string') return { message: value };
  const isError =
    typeof value === 'object' &&
    value !== null &&
    'message' in value &&
    typeof value.message === 'string';
  return isError ? (value as GraphQLFormattedError) : unknownError;
}
