import { ConfigurationError } from '../errors.js';
import type { RequestInput, SentRequest, Variables } from '../types.js';
import type { JsonReplacer } from './payload.js';
import { callUser, checkAll, expected, isFunction, isObject, must } from '../validate.js';

type OperationType = 'query' | 'mutation' | 'subscription';

/** A request in one shape: the text as it was given, and what the client must know of it. Is itself a request. */
export interface PreparedRequest {
  readonly query: string;
  readonly variables?: Variables | (() => Variables) | undefined;
  readonly operationName?: string | undefined;
  readonly extensions?: Variables | (() => Variables) | undefined;
  readonly [traits]: RequestTraits;
}

export interface RequestTraits {
  readonly type: OperationType;
  /** Whether it is sent again after the connection was lost. */
  readonly resend: boolean;
}

export interface PrepareOptions {
  readonly print?: ((document: never) => string) | undefined;
  /** {@link operationType}, or one that remembers. */
  readonly typeOf?: typeof operationType | undefined;
  /** What the operation is taken for where the document does not tell. */
  readonly assume?: OperationType | undefined;
  readonly resend?: boolean | undefined;
  /** As it will be sent: what cannot be serialised with it is refused before there is a connection. Absent: when it is sent. */
  readonly replacer?: JsonReplacer | null | undefined;
}

const traits: unique symbol = Symbol();

const isVariables = (value: unknown) => value == null || isObject(value);
const variables = must(
  'an object or a function',
  (value) => isFunction(value) || isVariables(value),
  true,
);
const fields = {
  query: () => undefined,
  variables,
  operationName: must('a string', (value) => value === null || typeof value === 'string'),
  extensions: variables,
};

/**
 * Brings a document or a request into one shape; leaves a prepared one as it is.
 *
 * @throws ConfigurationError - `query` without text, or a field that is unknown or of the wrong kind.
 */
export function prepareRequest<TData, TVariables>(
  input: RequestInput<TData, TVariables> | PreparedRequest,
  { print, typeOf = operationType, assume = 'mutation', resend, replacer }: PrepareOptions = {},
): PreparedRequest {
  const isDocument = !isObject(input) || input instanceof String || 'kind' in (input as object);
  const request = (isDocument ? { query: input } : input) as Partial<PreparedRequest>;
  if (request[traits]) return request as PreparedRequest;
  checkAll('request field', request, fields);
  const query = documentText(request.query, print);
  if (query || (query === '' && request.extensions)) {
    if (replacer !== undefined) {
      for (const field of ['variables', 'extensions'] as const) {
        serialise(field, request[field], replacer ?? undefined);
      }
    }
    const type = typeOf(query, request.operationName) ?? assume;
    return { ...request, query, [traits]: { type, resend: resend ?? type !== 'mutation' } };
  }
  const text = 'a document with text (a DocumentNode without `loc` needs `print`)';
  throw expected('query', text, request.query, true);
}

export function traitsOf(request: PreparedRequest): RequestTraits {
  return request[traits];
}

/**
 * What is sent now: functions are called afresh for every send.
 *
 * @throws ConfigurationError - a function that threw, or returned no object.
 */
export function toSentRequest(request: PreparedRequest): SentRequest {
  const sent: Record<string, unknown> = {};
  for (const field of Object.keys(fields)) {
    let value: unknown = request[field as 'query'];
    if (isFunction(value)) {
      value = callUser(field, value as () => unknown);
      must('a function that returns an object', isVariables, true)(field, value);
    }
    if (value != null) sent[field] = value;
  }
  return sent as unknown as SentRequest;
}

/** The error for a request that `encode` could not turn into text. */
export function notSerialisable({ extensions }: SentRequest, cause: unknown): ConfigurationError {
  try {
    serialise('extensions', extensions);
  } catch {
    return refusal('extensions', cause);
  }
  return refusal('variables', cause);
}

function serialise(field: string, value: unknown, replacer?: JsonReplacer): void {
  try {
    JSON.stringify(value, replacer);
  } catch (cause) {
    throw refusal(field, cause);
  }
}

function refusal(field: string, cause: unknown): ConfigurationError {
  return new ConfigurationError(field, `\`${field}\` cannot be serialised`, { cause });
}

function documentText(document: unknown, print: PrepareOptions['print']): string | undefined {
  // codegen's TypedDocumentString is a String object
  if (typeof document === 'string' || document instanceof String) return String(document);
  if (!isObject(document)) return undefined;
  if (print) return callUser('print', () => print(document as never));
  const body = (document as { loc?: { source?: { body?: unknown } } }).loc?.source?.body;
  return typeof body === 'string' ? body : undefined;
}

/** For one document that is run thousands of times: reading it costs more than sending it. */
export function rememberOperationType(): typeof operationType {
  let last: readonly [string, string | null | undefined, OperationType | undefined] | undefined;
  return (text, name) => {
    if (last?.[0] !== text || last[1] !== name) last = [text, name, operationType(text, name)];
    return last[2];
  };
}

/** The type of the named or the first operation; undefined where the text does not tell (a persisted query, say). */
function operationType(text: string, name?: string | null): OperationType | undefined {
  // what is left of the text are the heads of its definitions, each ended by a semicolon
  let heads = text.replace(/"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|#[^\n\r]*/g, ' ');
  for (let before = ''; before !== heads;) {
    before = heads;
    heads = heads.replace(/\{[^{}]*\}/g, ';').replace(/\([^()]*\)/g, ' ');
  }
  for (const head of heads.split(';').slice(0, -1)) {
    const [type = 'query', own] = head.match(/@\s*\w+|\w+/g) ?? [];
    const known = type === 'query' || type === 'mutation' || type === 'subscription';
    if (known && (name == null || own === name)) return type;
  }
  return undefined;
}
