import { ConfigurationError } from '../errors.js';
import type { RequestInput, SentRequest, Variables } from '../types.js';
import { expected, kindOf, unknownName } from '../validate.js';

export type OperationType = 'query' | 'mutation' | 'subscription';

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
  /** What the operation is taken for where the document does not tell. */
  readonly assume?: OperationType | undefined;
  readonly resend?: boolean | undefined;
}

const traits: unique symbol = Symbol('rx-graphql-ws.request');
const fields = ['query', 'variables', 'operationName', 'extensions'];

/**
 * Brings a document or a request into one shape; leaves a prepared one as it is.
 *
 * @throws ConfigurationError - `query` without text, or a field of the wrong kind.
 */
export function prepareRequest<TData, TVariables>(
  input: RequestInput<TData, TVariables> | PreparedRequest,
  { print, assume = 'mutation', resend }: PrepareOptions = {},
): PreparedRequest {
  if (isPrepared(input)) return input;
  const request = requestFields(input);
  const { variables, operationName, extensions } = request;
  const query = documentText(request.query, print);
  if (query === '' && extensions === undefined) throw noText();
  checkObject('variables', variables);
  checkObject('extensions', extensions);
  if (operationName != null && typeof operationName !== 'string') {
    throw expected('operationName', 'a string', operationName);
  }
  const type = operationType(query, operationName ?? undefined) ?? assume;
  return {
    query,
    variables: (variables ?? undefined) as Variables | undefined,
    operationName: operationName ?? undefined,
    extensions: (extensions ?? undefined) as Variables | undefined,
    [traits]: { type, resend: resend ?? type !== 'mutation' },
  };
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
  const variables = evaluate('variables', request.variables);
  const extensions = evaluate('extensions', request.extensions);
  return {
    query: request.query,
    ...(variables !== undefined && { variables }),
    ...(request.operationName !== undefined && { operationName: request.operationName }),
    ...(extensions !== undefined && { extensions }),
  } as SentRequest;
}

/** The error for a request that `encode` could not turn into text. */
export function notSerialisable(request: SentRequest, cause: unknown): ConfigurationError {
  let option = 'extensions';
  try {
    JSON.stringify(request.extensions);
    option = 'variables';
  } catch {
    // then it is the extensions
  }
  return new ConfigurationError(option, `\`${option}\` cannot be serialised as JSON`, { cause });
}

interface LooseRequest {
  readonly query: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
  readonly extensions?: unknown;
}

function isPrepared(input: object | string): input is PreparedRequest {
  return typeof input === 'object' && traits in input;
}

function requestFields(input: unknown): LooseRequest {
  if (typeof input !== 'object' || input === null || input instanceof String || 'kind' in input) {
    return { query: input };
  }
  const unknown = unknownName(input, fields, 'request field');
  if (unknown) throw unknown;
  return input as LooseRequest;
}

function documentText(document: unknown, print: PrepareOptions['print']): string {
  if (typeof document === 'string') return document;
  // codegen's TypedDocumentString is a String object
  if (document instanceof String) return document.toString();
  if (typeof document !== 'object' || document === null || !('kind' in document)) throw noText();
  if (print) {
    try {
      return print(document as never);
    } catch (cause) {
      throw new ConfigurationError('query', '`print` failed for the document', { cause });
    }
  }
  const body = (document as { loc?: { source?: { body?: unknown } } }).loc?.source?.body;
  if (typeof body !== 'string') throw noText();
  return body;
}

function noText(): ConfigurationError {
  return new ConfigurationError(
    'query',
    'expected `query` to be a document with text: a string, a typed document string, or a DocumentNode with `loc.source.body` (for others give the option `print`)',
  );
}

function isObject(value: unknown): boolean {
  return kindOf(value) === 'object';
}

function checkObject(option: string, value: unknown): void {
  if (value == null || typeof value === 'function' || isObject(value)) return;
  throw expected(option, 'an object, or a function that returns one', value, true);
}

function evaluate(
  option: string,
  value: Variables | (() => Variables) | undefined,
): Variables | undefined {
  if (typeof value !== 'function') return value;
  let result: unknown;
  try {
    result = (value as () => unknown)();
  } catch (cause) {
    throw new ConfigurationError(option, `the function \`${option}\` threw`, { cause });
  }
  if (result == null || isObject(result)) return (result ?? undefined) as Variables | undefined;
  throw expected(option, 'a function that returns an object', result, true);
}

/** Strings and comments (to be skipped), braces, directives and names: all that it takes to find the operations of a document. */
const lexemes = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|#[^\n\r]*|[{}()]|@?\w+/g;

/** The type of the named or the first operation; undefined where the text does not tell (a persisted query, say). */
function operationType(text: string, name: string | undefined): OperationType | undefined {
  let depth = 0;
  let definition: string | undefined;
  let previous: string | undefined;
  for (const [lexeme] of text.matchAll(lexemes)) {
    const first = lexeme[0] as string;
    if (first === '"' || first === '#') continue;
    if (first === '{' || first === '(') {
      if (depth === 0 && definition === undefined) definition = 'query';
      depth += 1;
    } else if (first === '}' || first === ')') {
      depth -= 1;
      if (depth === 0 && first === '}') definition = undefined;
    } else if (depth === 0) {
      if (definition === undefined) definition = lexeme;
      else if (name === undefined || lexeme !== name || previous !== definition) continue;
      else if (isOperationType(definition)) return definition;
    }
    if (name === undefined && isOperationType(definition)) return definition;
    previous = lexeme;
  }
  return undefined;
}

function isOperationType(word: string | undefined): word is OperationType {
  return word === 'query' || word === 'mutation' || word === 'subscription';
}
