import { checkBackfill } from './backfill/check-backfill.js';
import {
  callback,
  checkAll,
  deadline,
  flag,
  isDuration,
  isFunction,
  isText,
  limitOf,
  must,
  oneOf,
  type Check,
} from './check.js';
import { checkHeaders } from './check-headers.js';
import { checkTls } from './check-tls.js';
import { checkFeed } from './feed/check-feed.js';
import type { GraphQLTestServerOptions } from './graphql-test-server-options.js';
import type { TokenOptions } from './token-options.js';
import { isObject } from './wire-message.js';

const tokensOrNone = must('a boolean or an object', (value) => typeof value === 'boolean', true);

const tokenChecks: Readonly<Record<keyof TokenOptions, Check>> = {
  in: oneOf('url', 'header', 'params'),
  closeCode: oneOf(4403, 4401),
};

const checks: Readonly<Record<keyof GraphQLTestServerOptions, Check>> = {
  handle: callback,
  feed: checkFeed,
  backfill: checkBackfill,
  seed: must('an integer', Number.isSafeInteger),
  script: callback,
  subprotocols: must(
    'a function or a list of names',
    (value) => isFunction(value) || (Array.isArray(value) && value.every(isText)),
  ),
  fallback: oneOf('graphql-transport-ws', 'graphql-ws', false),
  port: must(
    'an integer from 0 to 65535',
    (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 16,
  ),
  host: must('a host name or an address', (value) => isText(value) && value !== ''),
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
  keepAlivePayload: () => undefined,
  answerPings: flag,
  ignoreStop: flag,
  ledger: (option, value) => {
    checkAll(option, value, { history: flag }, `${option}.`);
  },
  maxBuffered: limitOf('bytes'),
  maxStreams: limitOf('streams'),
  tokens: (option, value) => {
    if (!isObject(value)) tokensOrNone(option, value);
    else checkAll(option, value, tokenChecks, `${option}.`);
  },
};

/**
 * Checks the options of `graphqlTestServer`.
 *
 * @throws TypeError for the first that is unknown or wrong
 */
export function checkOptions(options: GraphQLTestServerOptions): void {
  checkAll('options', options, checks);
}
