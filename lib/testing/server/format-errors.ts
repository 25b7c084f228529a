import type { GraphQLFormattedError } from 'rx-graphql-ws';
import { isObject } from './wire-message.js';

/**
 * What a handler threw, as GraphQL errors.
 *
 * @param thrown - an Error (a GraphQLError keeps its locations, path and extensions), a formatted error, an array of these, or anything
 */
export function formatErrors(thrown: unknown): readonly GraphQLFormattedError[] {
  return Array.isArray(thrown)
    ? thrown.map((error: unknown) => formatError(error))
    : [formatError(thrown)];
}

/** What was thrown, as one GraphQL error. */
export function formatError(thrown: unknown): GraphQLFormattedError {
  if (!isObject(thrown)) return { message: String(thrown) };
  let message = 'an error';
  try {
    message = String(thrown.message);
    const { locations, path, extensions } = thrown;
    // JSON leaves out what is undefined.
    const error = { message, locations, path, extensions } as GraphQLFormattedError;
    JSON.stringify(error);
    return error;
  } catch (refusal) {
    return { message: `${message} (and more that JSON cannot hold: ${String(refusal)})` };
  }
}
