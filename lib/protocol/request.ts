import { ConfigurationError } from '../errors.js';
import type { RequestFields, RequestInput, SentRequest } from '../types.js';
import {
  callUser,
  checkAll,
  expected,
  isFunction,
  isObject,
  misplaced,
  must,
} from '../validate.js';
import type { OperationType } from './document.js';
import { documentText, headsIn, operationType } from './document.js';
import type { JsonReplacer } from './payload.js';

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

export interface PrepareOptions {
  readonly print?: ((document: never) => string) | undefined;
  /** {@link headsIn}, or a function that remembers its last result. */
  readonly headsOf?: typeof headsIn | undefined;
  /** The type if the document does not tell it. One that tells another is refused, but for a query: it may be live. */
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
const aFunction = must('a function that returns an object', isVariables, true);
const text = must('a string', (value) => value === null || typeof value === 'string');
const checks = {
  query: () => undefined,
  variables,
  operationName: text,
  documentId: text,
  doc_id: text,
  extensions: variables,
};

/** The names of the fields that are known, in the order in which they are sent. */
export const requestFields = Object.keys(checks);
const optionNames = ['resend', 'onServerComplete', 'errorPolicy', 'sendWithin', 'share'];

/**
 * Brings a document or a request into one shape.
 *
 * @throws ConfigurationError - `query` without text, an operation of another type than was asked for, or a field of the wrong kind, or with
 * almost the name of another one.
 */
export function prepareRequest<TData, TVariables>(
  input: RequestInput<TData, TVariables>,
  { print, headsOf = headsIn, assume, resend, replacer }: PrepareOptions = {},
): PreparedRequest {
  const given = requestOf(input);
  const query = queryText(given, print, headsOf);
  const request = { ...given, query };
  checkWritable(request, replacer);
  const known = operationType(headsOf(query ?? ''), given.operationName);
  checkType(known, assume);
  const type = known ?? assume ?? 'mutation';
  return {
    request,
    type,
    takesOne: known === 'query' || known === 'mutation',
    wasSent: false,
    wasAnswered: false,
    size: 0,
    resend: resend ?? type !== 'mutation',
  };
}

/** The fields as they were given; a document alone is the field `query`. */
function requestOf(input: unknown): Partial<RequestFields> {
  const isDocument = !isObject(input) || input instanceof String || 'kind' in (input as object);
  const given = (isDocument ? { query: input } : input) as Partial<RequestFields>;
  const option = optionNames.find((name) => name in given);
  if (option) throw misplaced(option, 'request field', `options \`{ ${option} }\``);
  checkAll('request field', given, checks, '', null);
  return given;
}

function queryText(
  { query, documentId, doc_id, extensions }: Partial<RequestFields>,
  print: PrepareOptions['print'],
  headsOf: typeof headsIn,
): string | undefined {
  const text = documentText(query, print, headsOf);
  // a persisted document has an id in place of a text
  const isNamed = documentId ?? doc_id ?? extensions;
  if (text || (isNamed && (text ?? query ?? '') === '')) return text;
  const expectation = 'a document with text (a DocumentNode without `loc` needs `print`)';
  throw expected('query', expectation, query, true);
}

/** A document may be a query whatever was asked for, because a query may be live. */
function checkType(known: OperationType | undefined, asked: OperationType | undefined): void {
  if (!asked || !known || known === asked || known === 'query') return;
  const method = known === 'mutation' ? 'mutate$' : 'subscribe$';
  throw new ConfigurationError('query', `a ${known} is no ${asked}: use \`${method}\``);
}

function checkWritable(request: object, replacer: PrepareOptions['replacer']): void {
  const unwritable = replacer !== undefined && findUnwritable(request, replacer);
  if (unwritable) throw refusal(...unwritable);
}

/** The field that cannot be written as JSON, and the reason. */
function findUnwritable(
  request: object,
  replacer: JsonReplacer | null,
): [string, unknown] | undefined {
  for (const [field, value] of Object.entries(request) as [string, unknown][]) {
    try {
      if (typeof value !== 'string') JSON.stringify(value, replacer ?? undefined);
    } catch (cause) {
      return [field, cause];
    }
  }
  return undefined;
}

/**
 * The payload for one send; functions are called for every send.
 *
 * @throws ConfigurationError - a function that threw, or returned no object.
 */
export function toSentRequest(request: RequestFields): SentRequest {
  const sent = Object.entries(request).map(([field, given]: [string, unknown]) => {
    const value = isFunction(given) ? callUser(field, given) : given;
    if (isFunction(given)) aFunction(field, value);
    return [field, value] as const;
  });
  return Object.fromEntries(sent.filter(([, value]) => value != null)) as unknown as SentRequest;
}

/** The error for a request that `encode` could not turn into text. */
export function notSerialisable(request: SentRequest, cause: unknown): ConfigurationError {
  return refusal(findUnwritable(request, null)?.[0] ?? 'variables', cause);
}

function refusal(field: string, cause: unknown): ConfigurationError {
  return new ConfigurationError(field, `\`${field}\` cannot be serialised`, { cause });
}
