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

function formatError(thrown: unknown): GraphQLFormattedError {
  if (!isObject(thrown)) return { message: String(thrown) };
  const { message, locations, path, extensions } = thrown;
  // JSON leaves out what is undefined.
  return { message: String(message), locations, path, extensions } as GraphQLFormattedError;
}
