import type { GraphQLDocument, GraphQLSocketConfig, SentRequest, Variables } from 'rx-graphql-ws';
import type { OperationHead } from '../operation-head.js';
import { show } from '../show.js';
import { includes } from './includes.js';

/** Which operations are meant: all that is given must hold. */
export interface OperationPattern<TData = unknown> {
  /** The text, a part of it as a RegExp, or the document. */
  readonly query?: GraphQLDocument<TData, never> | RegExp | undefined;
  /** As it was sent, else as the document has it. */
  readonly operationName?: string | undefined;
  /** These variables, among others: objects are compared in part and in depth, lists element by element. */
  readonly variables?: Variables | undefined;
}

/**
 * Which operations are meant:
 *
 * - a string: the name of the operation, or the text of its document, white space aside
 * - a RegExp: a part of the text
 * - a document, as requests take it
 * - `{ query?, operationName?, variables? }`: all of these
 * - a function of the request as it was sent; its `variables` are `{}` where none were
 */
export type OperationMatcher<TData = unknown> =
  | GraphQLDocument<TData, never>
  | RegExp
  | OperationPattern<TData>
  | ((request: SentRequest) => boolean);

/** What a matcher says of operations. */
export interface Verdict {
  /** The matcher, for messages. */
  readonly text: string;
  matches(request: SentRequest, head: OperationHead): boolean;
}

type Options = Pick<GraphQLSocketConfig, 'print' | 'jsonReplacer'>;

const members = ['query', 'operationName', 'variables'];

/**
 * Reads a matcher.
 *
 * @param options - those with which requests are written
 * @throws Error - it is none
 */
export function readMatcher(matcher: OperationMatcher, options: Options): Verdict {
  if (typeof matcher === 'function')
    return { text: `the predicate ${matcher.name}`.trim(), matches: (request) => matcher(request) };
  const given: unknown = matcher;
  if (typeof given === 'string' || given instanceof RegExp || isDocument(given)) {
    const text = readText(given, options);
    const name = typeof given === 'string' ? given : undefined;
    return {
      text: text.shown,
      matches: ({ query }, head) =>
        text.matches(query) || (name !== undefined && head.name === name),
    };
  }
  return readPattern(given, options);
}

function readPattern(given: unknown, options: Options): Verdict {
  const stray =
    typeof given === 'object' && given !== null && !Array.isArray(given)
      ? Object.keys(given).find((key) => !members.includes(key))
      : show(given);
  if (stray !== undefined)
    throw new Error(
      `a matcher is a string, a RegExp, a document, a function, or an object of ${members.join(', ')}; not ${stray}`,
    );
  const { query, operationName, variables } = given as OperationPattern;
  const text = query === undefined ? undefined : readText(query, options);
  const demanded = variables && inJson(variables, options);
  const shown = [
    text && `query: ${text.shown}`,
    operationName && `operationName: ${show(operationName)}`,
    demanded && `variables: ${show(demanded)}`,
  ];
  return {
    text: `{ ${shown.filter(Boolean).join(', ')} }`,
    matches: (request, head) =>
      (!text || text.matches(request.query)) &&
      (operationName === undefined || head.name === operationName) &&
      (!demanded || includes(request.variables, demanded)),
  };
}

function readText(given: unknown, { print }: Options) {
  if (given instanceof RegExp)
    return { shown: String(given), matches: (query: string) => query.search(given) >= 0 };
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

function isDocument(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && (value instanceof String || 'kind' in value)
  );
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** As the server gets it. */
function inJson(value: unknown, { jsonReplacer }: Options): unknown {
  return JSON.parse(JSON.stringify(value, jsonReplacer));
}
