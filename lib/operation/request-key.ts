import type { JsonReplacer } from '../protocol/payload.js';
import type { PreparedRequest, PrepareOptions } from '../protocol/request.js';
import { traitsOf } from '../protocol/request.js';
import type { OperationOptions } from './execute.js';

/** What of an operation's options counts. */
export type KeyOptions = Pick<PrepareOptions, 'replacer'> &
  Pick<OperationOptions, 'onServerComplete'>;

/** A request as it was when it was made, and a text that tells it from others. */
export interface KeyedRequest {
  readonly key: string;
  /** What the key was made of: one who has the same key is handed its results. */
  readonly request: PreparedRequest;
}

type Given = PreparedRequest['variables'];

/**
 * Keys that are equal for requests that are equal on the wire, and are run in the same way. Names of variables may come in any order;
 * within a value the order may mean something to the server. Functions are compared by identity, and so is what no JSON tells.
 */
export function createRequestKey(): (
  request: PreparedRequest,
  options: KeyOptions,
) => KeyedRequest {
  const identityOf = createIdentities();

  const snapshotOf = (given: Given, replacer: KeyOptions['replacer']) => {
    if (given == null) return { key: null, value: given };
    const text = textOf(given, replacer ?? undefined);
    // what a codec of the user's writes is known to it alone
    const key = text === undefined || replacer === undefined ? [identityOf(given), text] : text;
    return { key, value: text === undefined ? given : copyOf(given) };
  };
  return (request, { replacer, onServerComplete }) => {
    const variables = snapshotOf(request.variables, replacer);
    const extensions = snapshotOf(request.extensions, replacer);
    const key = JSON.stringify([
      request.query,
      request.operationName,
      variables.key,
      extensions.key,
      traitsOf(request).resend,
      onServerComplete === 'restart',
    ]);
    const values = { variables: variables.value, extensions: extensions.value };
    return { key, request: { ...request, ...values } as PreparedRequest };
  };
}

function createIdentities(): (value: object) => number {
  const identities = new WeakMap<object, number>();
  let count = 0;

  return (value) => {
    const known = identities.get(value);
    if (known !== undefined) return known;
    count += 1;
    identities.set(value, count);
    return count;
  };
}

/** Undefined for a function, and for what has no JSON. */
function textOf(value: object, replacer: JsonReplacer | undefined): string | undefined {
  const inOrder = isPlain(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;
  try {
    return JSON.stringify(inOrder, replacer);
  } catch {
    return undefined;
  }
}

/** Its objects and lists; what is made of anything else, only who reads it knows. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copyOf(each)]));
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // frozen and without a prototype is what `JSON.rawJSON` gives, of which no copy can be made
  return prototype === Object.prototype || (prototype === null && !Object.isFrozen(value));
}
