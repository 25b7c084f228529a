import type { PreparedRequest, PrepareOptions } from '../protocol/request.js';
import { traitsOf } from '../protocol/request.js';
import { isFunction, isObject } from '../validate.js';
import type { OperationOptions } from './execute.js';

/** What of an operation's options counts. */
export type KeyOptions = Pick<PrepareOptions, 'replacer'> &
  Pick<OperationOptions, 'onServerComplete'>;

/**
 * Texts that are equal for requests that are equal on the wire, and are run in the same way: values are compared as JSON would send
 * them, whatever the order of their keys; functions by identity, and what no JSON tells.
 */
export function createRequestKey(): (request: PreparedRequest, options: KeyOptions) => string {
  const identities = new WeakMap<object, number>();
  let count = 0;

  const identityOf = (value: object) => {
    const known = identities.get(value);
    if (known !== undefined) return known;
    count += 1;
    identities.set(value, count);
    return count;
  };
  return (request, { replacer, onServerComplete }) => {
    const valueOf = (field: 'variables' | 'extensions') => {
      const value = request[field];
      if (value == null) return null;
      // a number is no text: the two cannot be mistaken for each other
      return isFunction(value)
        ? identityOf(value)
        : (canonical({ [field]: value }, replacer) ?? identityOf(value));
    };
    return JSON.stringify([
      request.query,
      request.operationName,
      valueOf('variables'),
      valueOf('extensions'),
      traitsOf(request).resend,
      onServerComplete === 'restart',
    ]);
  };
}

/** The JSON that is sent, with its keys in order; undefined where that does not tell what is sent. */
function canonical(value: object, replacer: KeyOptions['replacer']): string | undefined {
  try {
    // what a codec of the user's makes of anything but JSON's own values is known to it alone
    const text = JSON.stringify(value, replacer === undefined ? plain : (replacer ?? undefined));
    return JSON.stringify(JSON.parse(text), sorted);
  } catch {
    return undefined;
  }
}

function sorted(_key: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value as object).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function plain(this: Readonly<Record<string, unknown>>, key: string): unknown {
  // not the second argument, of which `toJSON` has made something else
  const value = this[key];
  if (isPlain(value)) return value;
  throw new TypeError('not of JSON');
}

function isPlain(value: unknown): boolean {
  if (value === null || Array.isArray(value)) return true;
  if (typeof value !== 'object')
    return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
