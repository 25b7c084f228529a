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
  const { operationName, select, resume, state } = options;
  if (state !== undefined && resume === undefined)
    throw new UsageError('--state needs --resume, which tells the cursor');
  if (!['json', 'pretty'].includes(options.format))
    throw new UsageError('--format is json or pretty');
  const isSubscription = isSubscribing(query, operationName);
  if (resume !== undefined && !isSubscription)
    throw new UsageError('--resume is for subscriptions');
  const cursor = resume === undefined ? undefined : parseCursor(resume);
  checkFiles(options);
  const variables = variablesOf(options);
  return {
    config: {
      ...connectionConfig(url, options, secrets),
      ...livenessOf(options),
    },
    request: {
      query,
      ...(variables && { variables }),
      ...(operationName !== undefined && { operationName }),
    },
    isSubscription,
    isPretty: options.format === 'pretty',
    path: select === undefined ? undefined : parsePath(select),
    take: options.take === undefined ? undefined : parseCount('--take', options.take, 1),
    within: options.for === undefined ? undefined : parseDuration('--for', options.for),
    cursor,
  };
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
  const named = (path: string | undefined) => (path === undefined ? undefined : resolve(path));
  const others = new Set(read.map(named));
  for (const [option, path] of Object.entries({ state, record })) {
    if (path === undefined) continue;
    if (others.has(named(path)))
      throw new UsageError(`--${option}: ${path} is named by another option, too`);
    others.add(named(path));
  }
}

function variablesOf({ variables, variable = [] }: OperationOptions) {
  if (variables === undefined && variable.length === 0) return undefined;
  const all = variables === undefined ? {} : parseObject('--variables', variables);
  return { ...all, ...parsePairs('--variable', variable) };
}

function livenessOf({ keepAliveTimeout, retry }: OperationOptions) {
  const count = retry === undefined ? undefined : parseCount('--retry', retry, 0);
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
