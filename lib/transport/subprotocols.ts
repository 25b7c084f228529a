import { expected } from '../validate.js';

/** RFC 9110's token, which RFC 6455 section 4.1 asks of each name. */
const token = /^[\w!#$%&'*+.^`|~-]+$/;

/** @throws ConfigurationError - the names are not shown: one may hold credentials (`header-…`). */
export function checkSubprotocols(value: unknown): asserts value is readonly string[] {
  const valid =
    Array.isArray(value) &&
    value.every((name) => typeof name === 'string' && token.test(name)) &&
    new Set(value).size === value.length;
  if (!valid) throw expected('subprotocols', 'a list of distinct subprotocol names', value, true);
}
