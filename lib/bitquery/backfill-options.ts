import { ConfigurationError, type GraphQLDocument, type Variables } from 'rx-graphql-ws';
import { type BitqueryAccess, checkAccess } from './access.js';
import { expected } from './checks.js';
import type { Fetch } from './post.js';

/** Blocks by their numbers, both included. */
export interface BlockRange {
  readonly fromBlock: number;
  /** `undefined`: up to the latest. */
  readonly toBlock: number | undefined;
}

/** Options of `backfillByBlock`. */
export interface BackfillByBlockOptions<
  TData,
  TRow,
  TVariables = Variables,
> extends BitqueryAccess {
  /** A query with the selection of the subscription, whose rows ascend by block, and whose `limit` is more than the rows of a block. */
  readonly query: GraphQLDocument<TData, TVariables>;
  /** The rows of an answer: the same function as that of `recover`. */
  readonly rows: (data: TData) => Iterable<TRow>;
  /** The number of a row's block, such as `Block.Number` or `Block.Slot`; digits in a text are a number, too. */
  readonly block: (row: TRow) => number | string;
  /** The variables with which `query` selects the blocks from `fromBlock` to `toBlock`. */
  readonly variables: (range: BlockRange) => NoInfer<TVariables>;
  /** ms that the realtime dataset holds rows of this cube: nothing is asked about a gap that began earlier. @defaultValue Infinity */
  readonly horizon?: number | undefined;
  /** Blocks that are asked for on both sides in addition, because those of a stream come in portions and in any order. @defaultValue 0 */
  readonly overlap?: number | undefined;
  /** @defaultValue the global one, at the time of the request */
  readonly fetch?: Fetch | undefined;
}

type Check = readonly [expectation: string, test: (value: unknown) => boolean];

const callback: Check = ['a function', (value) => typeof value === 'function'];
const isCount = (value: unknown) => typeof value === 'number' && value >= 0;
const anything: Check = ['', () => true];

const checks: Readonly<Record<string, Check>> = {
  // by `checkAccess`, `addressOf` and `documentText`
  token: anything,
  region: anything,
  url: anything,
  query: anything,
  rows: callback,
  block: callback,
  variables: callback,
  horizon: ['a number of milliseconds ≥ 0', isCount],
  overlap: ['a number of blocks ≥ 0', isCount],
  fetch: callback,
};

/** @throws ConfigurationError - an option that is unknown, missing or wrong. */
export function checkBackfillOptions(options: BitqueryAccess): void {
  checkAccess(options);
  const required = { rows: undefined, block: undefined, variables: undefined };
  for (const [name, value] of Object.entries({ ...required, ...options })) {
    const check = Object.hasOwn(checks, name) && checks[name];
    if (!check) {
      const known = Object.keys(checks).join(', ');
      throw new ConfigurationError(name, `unknown option \`${name}\`: known are ${known}`);
    }
    const [expectation, test] = check;
    const isAbsent = value === undefined && !(name in required);
    if (!isAbsent && !test(value)) throw expected(name, expectation, value);
  }
}

/** @throws ConfigurationError - a document without text. */
export function documentText(query: unknown): string {
  const { loc } = Object(query) as { loc?: { source?: { body?: unknown } } };
  const text = loc?.source?.body ?? (query instanceof String ? String(query) : query);
  if (typeof text === 'string' && text !== '') return text;
  const expectation =
    'a document with text (for a DocumentNode without `loc` give `print(document)`)';
  throw expected('query', expectation, query, true);
}
