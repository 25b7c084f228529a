import type { JsonReplacer } from '../protocol/payload.js';
import type { PreparedRequest, PrepareOptions } from '../protocol/request.js';
import { traitsOf } from '../protocol/request.js';
import { isFunction } from '../validate.js';
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

type Field = 'variables' | 'extensions';

interface Snapshot {
  readonly key: unknown;
  readonly value: unknown;
}

/**
 * Keys that are equal for requests that are equal on the wire, and are run in the same way. Names of variables may come in any order;
 * within a value the order may mean something to the server. Functions are compared by identity, and so is what no JSON tells.
 */
export function createRequestKey(): (
  request: PreparedRequest,
  options: KeyOptions,
) => KeyedRequest {
  const identityOf = createIdentities();

  const snapshotOf = (
    field: Field,
    value: PreparedRequest[Field],
    replacer: KeyOptions['replacer'],
  ): Snapshot => {
    if (value == null) return { key: null, value: undefined };
    // a number is no text: the two cannot be mistaken for each other
    if (isFunction(value)) return { key: identityOf(value), value };
    try {
      // what a codec of the user's writes is known to it alone
      if (replacer === undefined) return asGiven(value, undefined, identityOf);
      const text = write(value, field, replacer);
      return asSent(text, field, replacer) ?? asGiven(value, text, identityOf);
    } catch {
      // not even its parts can be told
      return { key: identityOf(value), value };
    }
  };
  return (request, { replacer, onServerComplete }) => {
    const variables = snapshotOf('variables', request.variables, replacer);
    const extensions = snapshotOf('extensions', request.extensions, replacer);
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

type IdentityOf = (value: object) => number;

function createIdentities(): IdentityOf {
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

/** The value as the wire has it, if that would be written in the same way. */
function asSent(text: string, field: Field, replacer: JsonReplacer | null): Snapshot | undefined {
  const value = (JSON.parse(text) as Partial<Record<Field, unknown>>)[field];
  if (write(value, field, replacer) !== text) return undefined;
  return { key: JSON.stringify(inOrder(value)), value };
}

function write(value: unknown, field: Field, replacer: JsonReplacer | null): string {
  return JSON.stringify({ [field]: value }, replacer ?? undefined);
}

/** A copy, as deep as there is nothing but JSON's own values: what is made of others, only who reads them knows. */
function asGiven(value: object, text: string | undefined, identityOf: IdentityOf): Snapshot {
  const others = new Set<unknown>();
  const told = JSON.stringify(inOrder(value), function (this: Record<string, unknown>, name) {
    // not the second argument, of which `toJSON` has made something else
    const each = this[name];
    // the quote keeps it from being taken for another value
    if (typeof each === 'string') return `"${each}`;
    if (isPlain(each)) return each;
    others.add(each);
    return isReference(each) ? `#${identityOf(each)}` : `${typeof each} ${String(each)}`;
  });
  const identity = others.size > 0 ? identityOf(value) : null;
  return { key: [identity, told, text], value: copyOf(value) };
}

function inOrder(value: unknown): unknown {
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copyOf(each)]));
}

function isPlain(value: unknown): boolean {
  if (value === null || typeof value === 'boolean') return true;
  // JSON has no -0
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  return Array.isArray(value) || isPlainObject(value);
}

function isPlainObject(value: unknown): value is object {
  if (!isReference(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // frozen and without a prototype is what `JSON.rawJSON` gives, of which no copy can be made
  return prototype === Object.prototype || (prototype === null && !Object.isFrozen(value));
}

function isReference(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || isFunction(value);
}
