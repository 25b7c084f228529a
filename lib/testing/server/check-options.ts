import {
  anything,
  callback,
  type Check,
  checkAll,
  duration,
  flag,
  isBoolean,
  isDuration,
  isFunction,
  isObject,
  isText,
  isWhole,
  kindOf,
  must,
  nearestName,
  oneOf,
  optionsOf,
} from '../check.js';
import type { FeedOptions, ReplayOptions } from './api/feed.js';
import type { BackfillOptions, GraphQLTestServerOptions, TokenOptions } from './api/options.js';
import { checkHeaders } from './check-faults.js';

type Checks<T> = Readonly<Record<keyof T, Check>>;

const isName = (value: unknown) => isText(value) && value !== '';
const isAtLeast = (value: unknown, least: number) =>
  Number.isFinite(value) && (value as number) >= least;

/** A check for a value, or `false`. */
const orFalse = (expectation: string, test: (value: unknown) => boolean) =>
  must(`${expectation} or false`, (value) => value === false || test(value));

const limitOf = (unit: string, least = 0) =>
  orFalse(`a number of ${unit} ≥ ${least}`, (value) => isWhole(value, least));

const deadline = orFalse('a number of milliseconds ≥ 0', isDuration);
const rows = must('a number of rows ≥ 1', (value) => isWhole(value, 1));
const every = must('a number of milliseconds ≥ 0.01', (value) => isAtLeast(value, 0.01));

const horizon = orFalse('a number of milliseconds ≥ 0', (value) => isAtLeast(value, 0));

/** A check for a flag, or for an object of options in its place. */
const flagOr =
  <T>(members: Checks<T>): Check =>
  (name, value) => {
    const isEither = (given: unknown) => isBoolean(given) || isObject(given);
    must('a boolean or an object', isEither, kindOf)(name, value);
    if (isObject(value)) optionsOf(members)(name, value);
  };

const replay: Checks<ReplayOptions> = { inclusive: flag, horizon };

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
  replay: flagOr(replay),
};

const backfill: Checks<BackfillOptions> = {
  latency: must(
    'a number of milliseconds ≥ 0, or the least and the most of them',
    (value) => isDuration(value) || (Array.isArray(value) && isRange(value)),
  ),
  horizon,
  lag: duration,
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
  keepAlive: orFalse('a number of milliseconds > 0', (value) => isDuration(value) && value !== 0),
  keepAliveJitter: must(
    'a number from 0 to 1',
    (value) => isAtLeast(value, 0) && Number(value) <= 1,
  ),
  keepAliveMessage: oneOf('ping', 'pong'),
  keepAlivePayload: anything,
  answerPings: flag,
  ignoreStop: flag,
  ledger: optionsOf({ history: flag }),
  maxBuffered: limitOf('bytes'),
  maxStreams: limitOf('streams'),
  tokens: flagOr(tokens),
};

/** @throws TypeError for the first option that is unknown or wrong */
export function checkOptions(options: GraphQLTestServerOptions): void {
  checkAll('options', options, checks);
  if (options.feed && options.handle)
    throw new TypeError('expected `feed` or `handle`, got both: the results come from one of them');
}

const certificates = ['self-signed', 'expired', 'wrong-host'];
const kindOrObject = must(
  "'self-signed', 'expired', 'wrong-host' or an object",
  (given) => isObject(given) || certificates.includes(given as string),
  kindOf,
);

/** Checks that the TLS options hold a certificate. Node checks the rest. */
function checkTls(name: string, value: unknown): void {
  kindOrObject(name, value);
  if (!isObject(value)) return;
  const { certificate, key, cert, pfx, SNICallback } = value;
  const holdsOne = (key !== undefined && cert !== undefined) || (pfx ?? SNICallback) !== undefined;
  if (certificate !== undefined) oneOf(...certificates)(`${name}.certificate`, certificate);
  else if (!holdsOne) refuseTls(name, value);
}

function refuseTls(name: string, value: object): never {
  const isSlip = (key: string) => key !== 'cert' && nearestName(key, ['certificate']);
  const slip = Object.keys(value).find(isSlip);
  if (slip !== undefined) optionsOf({ certificate: anything })(name, { [slip]: 0 });
  throw new TypeError(
    `expected \`${name}\` to be an object with \`certificate\`, with \`key\` and \`cert\`, with \`pfx\` or with \`SNICallback\`, got object`,
  );
}
