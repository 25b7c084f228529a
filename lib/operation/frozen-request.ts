import type { JsonReplacer } from '../protocol/payload.js';
import type { PreparedRequest } from '../protocol/request.js';
import { isFunction } from '../validate.js';

/**
 * Returns a function that freezes requests: they are sent as they were compared, whatever becomes of the objects in them. The `key` is
 * equal for requests that are equal on the wire. A request with a function is compared by the identity of the function, and evaluated at each
 * send. Without a replacer (`undefined`: a user's codec encodes) objects are treated like functions, because only the codec knows what
 * it writes.
 */
export function createFreezer() {
  // a WeakMap, because a function must not be kept alive by its number
  const identities = new WeakMap<object, number>();
  let count = 0;
  const numberOf = (value: object) => {
    const known = identities.get(value) ?? (count += 1);
    identities.set(value, known);
    return known;
  };

  return (prepared: PreparedRequest, replacer: JsonReplacer | null | undefined) => {
    const isLive = (value: unknown): value is object =>
      isFunction(value) || (replacer === undefined && Object(value) === value);
    const live: unknown[] = [];
    const fields: (readonly [string, unknown])[] = [];
    for (const [field, value] of Object.entries(inOrder(prepared.request)) as [string, unknown][]) {
      if (value == null) continue;
      if (isLive(value)) live.push(field, numberOf(value));
      else fields.push([field, field === 'variables' ? inOrder(value) : value]);
    }
    const payload = Object.fromEntries(fields);
    // the payload itself is no message: the replacer begins with its fields
    const replace: JsonReplacer = function (this: unknown, key, value: unknown) {
      return value === payload ? value : (replacer?.call(this, key, value) as unknown);
    };
    const text = JSON.stringify(payload, replacer ? replace : undefined);
    const isFrozen = replacer !== undefined && live.length === 0;
    return {
      key: JSON.stringify([text, live]),
      prepared: isFrozen ? { ...prepared, payload: text } : prepared,
    };
  };
}

/** Variables in the order of their names, because the order means nothing to the server. Within a value it may. */
function inOrder(value: object): object {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
