import { ConfigurationError } from '../errors.js';
import type { RequestInput, SentRequest, Variables } from '../types.js';
import type { JsonReplacer } from './payload.js';
import { callUser, checkAll, expected, isFunction, isObject, must } from '../validate.js';

type OperationType = 'query' | 'mutation' | 'subscription';

/** A request in one shape, and what the client must know of it. */
export interface PreparedRequest {
  readonly request: RequestFields;
  readonly type: OperationType;
  /** Its text says that it is a query or a mutation: the first result is most often all of it. */
  readonly takesOne: boolean;
  /** A connection has sent it. */
  wasSent: boolean;
  /** A server has answered it. */
  wasAnswered: boolean;
  /** The length of the frame that was sent last. */
  size: number;
  /** Whether it is sent again after the connection was lost. */
  readonly resend: boolean;
  /** The JSON of the payload, if it is not to be made anew of `request` (see `frozen-request`). */
  readonly payload?: string | undefined;
}

/** The fields of a request, the document as text. */
export interface RequestFields {
  readonly query: string;
  readonly variables?: Variables | (() => Variables) | undefined;
  readonly operationName?: string | undefined;
  readonly extensions?: Variables | (() => Variables) | undefined;
}

export interface PrepareOptions {
  readonly print?: ((document: never) => string) | undefined;
  /** {@link operationType}, or a function that remembers its last result. */
  readonly typeOf?: typeof operationType | undefined;
  /** The type if the document does not tell it. */
  readonly assume?: OperationType | undefined;
  readonly resend?: boolean | undefined;
  /** The replacer of the frames. With it a value that cannot be serialised is refused before there is a connection; without it, when it is sent. */
  readonly replacer?: JsonReplacer | null | undefined;
}

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

/** The fields that are sent, in their order. */
export const requestFields = Object.keys(fields) as readonly (keyof RequestFields)[];

/**
 * Brings a document or a request into one shape.
 *
 * @throws ConfigurationError - `query` without text, or a field that is unknown or of the wrong kind.
 */
export function prepareRequest<TData, TVariables>(
  input: RequestInput<TData, TVariables>,
  { print, typeOf = operationType, assume = 'mutation', resend, replacer }: PrepareOptions = {},
): PreparedRequest {
  const isDocument = !isObject(input) || input instanceof String || 'kind' in (input as object);
  const given = (isDocument ? { query: input } : input) as Partial<RequestFields>;
  checkAll('request field', given, fields);
  const query = documentText(given.query, print);
  if (query || (query === '' && given.extensions)) {
    if (replacer !== undefined) {
      for (const field of ['variables', 'extensions'] as const) {
        try {
          JSON.stringify(given[field], replacer ?? undefined);
        } catch (cause) {
          throw refusal(field, cause);
        }
      }
    }
    const known = typeOf(query, given.operationName);
    const type = known ?? assume;
    return {
      request: { ...given, query },
      type,
      takesOne: known === 'query' || known === 'mutation',
      wasSent: false,
      wasAnswered: false,
      size: 0,
      resend: resend ?? type !== 'mutation',
    };
  }
  const text = 'a document with text (a DocumentNode without `loc` needs `print`)';
  throw expected('query', text, given.query, true);
}

/**
 * The payload for one send; functions are called for every send.
 *
 * @throws ConfigurationError - a function that threw, or returned no object.
 */
export function toSentRequest(request: RequestFields): SentRequest {
  const sent: Record<string, unknown> = {};
  for (const field of requestFields) {
    let value: unknown = request[field];
    if (isFunction(value)) {
      value = callUser(field, value);
      must('a function that returns an object', isVariables, true)(field, value);
    }
    if (value != null) sent[field] = value;
  }
  return sent as unknown as SentRequest;
}

/** The error for a request that `encode` could not turn into text. */
export function notSerialisable({ extensions }: SentRequest, cause: unknown): ConfigurationError {
  let field = 'variables';
  try {
    JSON.stringify(extensions);
  } catch {
    field = 'extensions';
  }
  return refusal(field, cause);
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

/** Remembers the last result, because to read a document costs more than to send it. */
export function rememberOperationType(): typeof operationType {
  let last: readonly [string, string | null | undefined, OperationType | undefined] | undefined;
  return (text, name) => {
    if (last?.[0] !== text || last[1] !== name) last = [text, name, operationType(text, name)];
    return last[2];
  };
}

/** The type of the named or the first operation; undefined if the text does not tell it, as that of a persisted query. */
function operationType(text: string, name?: string | null): OperationType | undefined {
  // leaves the heads of the definitions, each ended by a semicolon
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
