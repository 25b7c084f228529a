import type { GraphQLFormattedError } from 'rx-graphql-ws';
import { isObject } from './wire-message.js';

/**
 * Turns a thrown value into GraphQL errors.
 *
 * @param thrown - an Error (a GraphQLError keeps its locations, path and extensions), a formatted error, an array of these, or anything
 */
export function formatErrors(thrown: unknown): readonly GraphQLFormattedError[] {
  return Array.isArray(thrown)
    ? thrown.map((error: unknown) => formatError(error))
    : [formatError(thrown)];
}

export function formatError(thrown: unknown): GraphQLFormattedError {
  if (!isObject(thrown)) return { message: String(thrown) };
  let message = 'an error';
  try {
    message = String(thrown.message);
    const { locations, path, extensions } = thrown;
    const error = { message, locations, path, extensions } as GraphQLFormattedError;
    // Throws for a cycle, a bigint or a getter that fails.
    JSON.stringify(error);
    return error;
  } catch (refusal) {
    return { message: `${message} (and more that JSON cannot hold: ${String(refusal)})` };
  }
}
