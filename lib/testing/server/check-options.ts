import { nearestName } from '../check.js';
import type { BackfillOptions } from './backfill/answer-post.js';
import { checkHeaders } from './check-http.js';
import {
  anything,
  callback,
  type Check,
  checkAll,
  deadline,
  flag,
  isDuration,
  isFunction,
  isText,
  isWhole,
  limitOf,
  must,
  oneOf,
  optionsOf,
} from './check.js';
import type { FeedOptions } from './feed/rows.js';
import type { GraphQLTestServerOptions } from './options.js';
import type { TokenOptions } from './tokens.js';
import { isObject } from './wire-message.js';

type Checks<T> = Readonly<Record<keyof T, Check>>;

const rows = must('a number of rows ≥ 1', (value) => isWhole(value, 1));
const every = must(
  'a number of milliseconds ≥ 0.01',
  (value) => Number.isFinite(value) && (value as number) >= 0.01,
);
const feed: Checks<FeedOptions> = {
  every,
  row: callback,
  number: callback,
  field: must('a name', isName),
  perMessage: rows,
  limit: rows,
  // A hundredth of the range of a Date, so that the numbers of the rows are safe integers with the smallest `every`.
  start: must(
    'an instant, in ms since the epoch',
    (value) => typeof value === 'number' && Math.abs(value) <= 8.64e13,
  ),
  replay: flag,
};

const backfill: Checks<BackfillOptions> = {
  latency: must(
    'a number of milliseconds ≥ 0, or the least and the most of them',
    (value) => isDuration(value) || (Array.isArray(value) && isRange(value)),
  ),
  horizon: must(
    'a number of milliseconds ≥ 0 or false',
    (value) => value === false || (Number.isFinite(value) && (value as number) >= 0),
  ),
  maxRows: limitOf('rows', 1),
  authorize: callback,
};

function isRange([least, most, ...others]: readonly unknown[]): boolean {
  return others.length === 0 && isDuration(least) && isDuration(most) && least <= most;
}

const tokens: Checks<TokenOptions> = {
  in: oneOf('url', 'header', 'params'),
  closeCode: oneOf(4403, 4401),
};

const checks: Checks<GraphQLTestServerOptions> = {
  handle: callback,
  feed: (name, value) => {
    optionsOf(feed)(name, value);
    every(`${name}.every`, (value as FeedOptions).every);
  },
  backfill: optionsOf(backfill),
  seed: must('an integer', Number.isSafeInteger),
  script: callback,
  subprotocols: must(
    'a function or a list of names',
    (value) => isFunction(value) || (Array.isArray(value) && value.every(isText)),
  ),
  fallback: oneOf('graphql-transport-ws', 'graphql-ws', false),
  port: must('an integer from 0 to 65535', (value) => isWhole(value, 0) && value < 2 ** 16),
  host: must('a host name or an address', isName),
  tls: checkTls,
  headers: checkHeaders,
  authorize: callback,
  connect: callback,
  ackDelay: deadline,
  initTimeout: deadline,
  keepAlive: must(
    'a number of milliseconds > 0 or false',
    (value) => value === false || (isDuration(value) && value !== 0),
  ),
  keepAliveJitter: must(
    'a number from 0 to 1',
    (value) => typeof value === 'number' && value >= 0 && value <= 1,
  ),
  keepAliveMessage: oneOf('ping', 'pong'),
  keepAlivePayload: anything,
  answerPings: flag,
  ignoreStop: flag,
  ledger: optionsOf({ history: flag }),
  maxBuffered: limitOf('bytes'),
  maxStreams: limitOf('streams'),
  tokens: (name, value) => {
    if (isObject(value)) optionsOf(tokens)(name, value);
    else must('a boolean or an object', (given) => typeof given === 'boolean', true)(name, value);
  },
};

/**
 * Checks the options of `graphqlTestServer`.
 * @throws TypeError for the first option that is unknown or wrong
 */
export function checkOptions(options: GraphQLTestServerOptions): void {
  checkAll('options', options, checks);
  if (options.feed && options.handle)
    throw new TypeError('expected `feed` or `handle`, got both: the results come from one of them');
}

function isName(value: unknown): boolean {
  return isText(value) && value !== '';
}

const kinds = ['self-signed', 'expired', 'wrong-host'];

/** Checks that the TLS options hold a certificate. Node checks the rest. */
function checkTls(name: string, value: unknown): void {
  if (!isObject(value)) {
    must(
      "'self-signed', 'expired', 'wrong-host' or an object",
      (given) => kinds.includes(given as string),
      true,
    )(name, value);
    return;
  }
  const { certificate, key, cert, pfx, SNICallback } = value;
  if (certificate !== undefined) {
    oneOf(...kinds)(`${name}.certificate`, certificate);
    return;
  }
  if ((key !== undefined && cert !== undefined) || (pfx ?? SNICallback) !== undefined) return;
  const slip = Object.keys(value).find(
    (key) => !['cert', 'certificate'].includes(key) && nearestName(key, ['certificate']),
  );
  if (slip !== undefined) checkAll(name, { [slip]: 0 }, { certificate: anything }, `${name}.`);
  must(
    'an object with `certificate`, with `key` and `cert`, with `pfx` or with `SNICallback`',
    () => false,
    true,
  )(name, value);
}
