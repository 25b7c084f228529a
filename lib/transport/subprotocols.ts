import { must } from '../validate.js';

/** What is offered unless the user says otherwise: the current protocol before the legacy one. */
export const defaultSubprotocols: readonly string[] = ['graphql-transport-ws', 'graphql-ws'];

/** RFC 9110's token, which RFC 6455 section 4.1 asks of each name. */
const token = /^[\w!#$%&'*+.^`|~-]+$/;

/** The names are not shown: one may hold credentials (`header-…`). */
export const checkSubprotocols = must(
  'a list of distinct subprotocol names',
  (value) =>
    Array.isArray(value) &&
    new Set(value).size === value.length &&
    value.every((name) => typeof name === 'string' && token.test(name)),
  true,
);
