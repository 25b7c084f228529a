import type { GraphQLDocument, GraphQLSocketConfig, SentRequest, Variables } from 'rx-graphql-ws';
import { anything, checkAllOf, isObject, must } from '../check.js';
import { isComposite } from '../is-equal.js';
import type { OperationHead } from '../operation-head.js';
import { show } from '../show.js';

/** Selects operations by all given members. */
export interface OperationPattern<TData = unknown> {
  /** The text, a part of it as a RegExp, or the document. */
  readonly query?: GraphQLDocument<TData, never> | RegExp | undefined;
  /** The `operationName` of the request, else the name in the document. */
  readonly operationName?: string | undefined;
  /** These variables, among others. Objects may have further members in any depth; lists must have the same length. */
  readonly variables?: Variables | undefined;
}

/**
 * Selects operations by
 *
 * - a string: the name of the operation, or the text of its document in any white space
 * - a RegExp: a part of the text
 * - a document, as requests take it
 * - `{ query?, operationName?, variables? }`: all of these
 * - a function of the sent request; its `variables` are `{}` if the client sent none
 */
export type OperationMatcher<TData = unknown> =
  | GraphQLDocument<TData, never>
  | RegExp
  | OperationPattern<TData>
  | ((request: SentRequest) => boolean);

export interface ReadMatcher {
  readonly text: string;
  matches(request: SentRequest, head: OperationHead): boolean;
}

type Options = Pick<GraphQLSocketConfig, 'print' | 'jsonReplacer'>;

const members = { query: anything, operationName: anything, variables: anything };
const aMatcher = must(
  'a string, a RegExp, a document, a function, or an object of query, operationName, variables',
  isObject,
  show,
);

/** @param options - those that write the requests @throws TypeError - the value is no matcher */
export function readMatcher(matcher: OperationMatcher, options: Options): ReadMatcher {
  if (typeof matcher === 'function')
    return { text: `the predicate ${matcher.name}`.trim(), matches: (request) => matcher(request) };
  const given: unknown = matcher;
  if (typeof given === 'string' || given instanceof RegExp || isDocument(given)) {
    const { shown, matches } = readText(given, options);
    return {
      text: shown,
      matches: ({ query }, head) =>
        matches(query) || (typeof given === 'string' && head.name === given),
    };
  }
  aMatcher('matcher', given);
  checkAllOf('matcher', given, members, 'member');
  return readPattern(given as OperationPattern, options);
}

function readPattern({ query, operationName, variables }: OperationPattern, options: Options) {
  const text = query === undefined ? undefined : readText(query, options);
  // as the server gets them
  const demanded =
    variables && (JSON.parse(JSON.stringify(variables, options.jsonReplacer)) as unknown);
  const shown = [
    text && `query: ${text.shown}`,
    operationName && `operationName: ${show(operationName)}`,
    demanded && `variables: ${show(demanded)}`,
  ];
  return {
    text: `{ ${shown.filter(Boolean).join(', ')} }`,
    matches: (request: SentRequest, head: OperationHead) =>
      (!text || text.matches(request.query)) &&
      (operationName === undefined || head.name === operationName) &&
      (!demanded || includes(request.variables, demanded)),
  };
}

function readText(given: unknown, { print }: Options) {
  if (given instanceof RegExp)
    return { shown: String(given), matches: (query: string) => query.search(given) >= 0 };
  const onOneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
  const text = onOneLine(documentText(given, print));
  return { shown: show(text), matches: (query: string) => onOneLine(query) === text };
}

function documentText(document: unknown, print: Options['print']): string {
  if (!isDocument(document)) return String(document);
  if (document instanceof String) return document.toString();
  if (print) return print(document);
  const body = (document as { loc?: { source?: { body?: unknown } } }).loc?.source?.body;
  if (typeof body === 'string') return body;
  throw new Error(
    'a matcher has no text: a DocumentNode without `loc` needs `print` in the configuration',
  );
}

/** Whether a value is a document: an AST, or a `TypedDocumentString`. */
export function isDocument(value: unknown): value is object {
  return isComposite(value) && (value instanceof String || 'kind' in value);
}

/** Whether a JSON value has everything that another demands: objects may have more members, lists no more elements. */
function includes(actual: unknown, demanded: unknown): boolean {
  if (!isComposite(actual) || !isComposite(demanded)) return actual === demanded;
  if (Array.isArray(actual) !== Array.isArray(demanded)) return false;
  if (Array.isArray(actual) && actual.length !== Object.keys(demanded).length) return false;
  return Object.entries(demanded).every(([key, value]) => includes(actual[key], value));
}
