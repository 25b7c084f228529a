import type { GraphQLFormattedError } from '../types.js';
import { isObject } from '../validate.js';

/** Names under which servers put the text of an error. The first that holds one counts. */
const textNames = ['message', 'Message', 'errors', 'error', 'detail', 'reason'];
/** Lists and objects within each other in which errors and their texts are looked for. */
const maxDepth = 8;

/**
 * Errors from whatever a server calls so: an array, one error, `{ errors }`, a whole result, a string, nothing. An error without a text as its
 * `message` gets the text that it has under another name, and keeps the rest.
 * Servers differ here more than anywhere else; the specification of the current protocol asks for an array.
 */
export function graphqlErrors(payload: unknown): readonly GraphQLFormattedError[] {
  return listed(payload, maxDepth).map((error) => ({
    ...(isObject(error) && (error as object)),
    message: textsIn(error, maxDepth).join('; ') || 'unknown error',
  }));
}

/** The errors of a result, and of the increments in it. An empty list is no error, though the specification forbids it. */
export function errorsOfResult(result: object): readonly GraphQLFormattedError[] {
  const { incremental, completed } = result as Readonly<Record<string, unknown>>;
  return [result, incremental, completed].flat().flatMap((part) => {
    const { errors } = Object(part) as { errors?: unknown };
    const isNone =
      typeof errors === 'object' ? Object.keys(Object(errors) as object).length === 0 : !errors;
    return isNone ? [] : graphqlErrors(errors);
  });
}

function listed(given: unknown, depth: number): readonly unknown[] {
  const { errors } = Object(given) as { errors?: unknown };
  const list = Array.isArray(given) ? given : errors;
  return Array.isArray(list) && list.length > 0 && depth > 0
    ? list.flatMap((each) => listed(each, depth - 1))
    : [given];
}

function textsIn(value: unknown, depth: number): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || depth === 0) return [];
  if (Array.isArray(value)) return value.flatMap((each) => textsIn(each, depth - 1));
  const named = (value ?? {}) as Readonly<Record<string, unknown>>;
  return (
    textNames.map((name) => textsIn(named[name], depth - 1)).find((texts) => texts.some(Boolean)) ??
    []
  );
}
