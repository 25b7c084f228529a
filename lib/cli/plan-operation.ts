import { resolve } from 'node:path';
import { connectionConfig } from './connection-config.js';
import { type Cursor, parseCursor } from './cursor.js';
import { parseCount, parseDuration, parseLimit } from './duration.js';
import { parseObject, parsePairs } from './key-value.js';
import type { OperationOptions } from './operation-options.js';
import { readDocument } from './read-document.js';
import type { Secrets } from './secrets.js';
import { parsePath } from './select-path.js';
import { UsageError } from './usage-error.js';
import type { GraphQLSocketConfig } from 'rx-graphql-ws';

/** The work of one run. All options in it are checked. */
export interface OperationPlan {
  readonly config: GraphQLSocketConfig;
  readonly request: {
    readonly query: string;
    readonly variables?: Readonly<Record<string, unknown>>;
    readonly operationName?: string;
  };
  readonly isSubscription: boolean;
  readonly isPretty: boolean;
  /** The path of what is printed; `undefined`: the whole result. */
  readonly path: readonly string[] | undefined;
  /** Results to print at most. */
  readonly take: number | undefined;
  /** ms */
  readonly within: number | undefined;
  readonly cursor: Cursor | undefined;
}

/**
 * Checks the options, before anything is dialled.
 *
 * @throws UsageError - an option is wrong
 */
export function planOperation(
  url: string,
  query: string,
  options: OperationOptions,
  secrets: Secrets,
): OperationPlan {
  const isSubscription = isSubscribing(query, options.operationName);
  checkTogether(options, isSubscription);
  const cursor = ifGiven(options.resume, parseCursor);
  checkFiles(options);
  const request = requestOf(query, options);
  return {
    config: { ...connectionConfig(url, options, secrets), ...livenessOf(options) },
    request,
    isSubscription,
    isPretty: options.format === 'pretty',
    path: ifGiven(options.select, parsePath),
    take: ifGiven(options.take, (text) => parseCount('--take', text, 1)),
    within: ifGiven(options.for, (text) => parseDuration('--for', text)),
    cursor,
  };
}

function ifGiven<T>(text: string | undefined, read: (text: string) => T): T | undefined {
  return text === undefined ? undefined : read(text);
}

function checkTogether({ state, resume, format }: OperationOptions, isSubscription: boolean) {
  if (state !== undefined && resume === undefined)
    throw new UsageError('--state needs --resume, which tells the cursor');
  if (!['json', 'pretty'].includes(format)) throw new UsageError('--format is json or pretty');
  if (resume !== undefined && !isSubscription)
    throw new UsageError('--resume is for subscriptions');
}

/** Files that are written must be no others that are named. */
function checkFiles({
  file,
  tokenFile,
  ca,
  cert,
  key,
  state,
  record,
  variables,
}: OperationOptions) {
  if (state === '' || record === '')
    throw new UsageError('--state and --record want the name of a file');
  const read = [file, tokenFile, ca, cert, key, variables?.replace(/^@/, '')];
  const others = new Set(read.map((path) => ifGiven(path, resolve)));
  for (const [option, path] of Object.entries({ state, record })) {
    if (path === undefined) continue;
    const named = resolve(path);
    if (others.has(named))
      throw new UsageError(`--${option}: ${path} is named by another option, too`);
    others.add(named);
  }
}

function requestOf(query: string, options: OperationOptions): OperationPlan['request'] {
  const { operationName, variables, variable = [] } = options;
  const isGiven = variables !== undefined || variable.length > 0;
  const all = { ...ifGiven(variables, (text) => parseObject('--variables', text)) };
  return {
    query,
    ...(isGiven && { variables: { ...all, ...parsePairs('--variable', variable) } }),
    ...(operationName !== undefined && { operationName }),
  };
}

function livenessOf({ keepAliveTimeout, retry }: OperationOptions) {
  const count = ifGiven(retry, (text) => parseCount('--retry', text, 0));
  return {
    ...(keepAliveTimeout !== undefined && {
      keepAliveTimeout: parseLimit('--keep-alive-timeout', keepAliveTimeout),
    }),
    // 0 is at once: not even a try with a token that was read anew
    ...(count !== undefined && {
      retry: { count, ...(count === 0 && { shouldRetry: () => false }) },
    }),
  };
}

/** Whether the operation that runs is a subscription. A document that cannot be read is judged by its words. */
function isSubscribing(query: string, operationName: string | undefined): boolean {
  const { operations, wrongAt } = readDocument(query);
  if (wrongAt !== undefined || operations.length === 0) return /\bsubscription\b/.test(query);
  const runs = operations.find(({ name }) => operationName === undefined || name === operationName);
  return runs?.type === 'subscription';
}
