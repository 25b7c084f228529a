/** The checks of all options, by one table for each set of them. */
import { isObservable } from 'rxjs';
import type {
  DataOptions,
  GraphQLSocketConfig,
  ReconnectOptions,
  SingleOptions,
  SubscribeOptions,
} from './config.js';
import type { RetryOptions } from './connection/reconnect/reconnect.js';
import type { OperationOptions } from './operation/execute.js';
import type { ShareOptions } from './operation/share.js';
import { requestFields } from './protocol/request.js';
import { checkSpoken, checkSubprotocols, webSocketUrl } from './transport/address.js';
import { checkConstructorOptions } from './transport/default-web-socket.js';
import { isResolvedAfresh } from './transport/resolve-options.js';
import type { Check } from './validate.js';
import { checkAll, isFunction, isObject, misplaced, must } from './validate.js';

/** A check for one of some values, or for one that passes the test. */
const oneOf = (
  values: readonly unknown[],
  test: (value: unknown) => unknown = () => false,
  ...kind: string[]
) =>
  must(
    [...values.map((each) => (typeof each === 'string' ? `'${each}'` : each)), ...kind].join(
      ' or ',
    ),
    (value) => values.includes(value) || test(value),
  );

const isDuration = (value: unknown) => typeof value === 'number' && value >= 0 && value < 2 ** 31;
const milliseconds = 'a number of milliseconds ≥ 0';
const duration = (...others: unknown[]) => oneOf(others, isDuration, milliseconds);
const callback = must('a function', isFunction);
const flag = must('a boolean', (value) => typeof value === 'boolean');
const onServerComplete = oneOf(['complete', 'restart']);

/** A constant is checked now; what a function or an Observable gives is checked when it is there. */
const resolvable =
  (check: Check): Check =>
  (option, value) => {
    if (!isResolvedAfresh(value)) check(option, value);
  };

/** Options within an option. A number in their place is most often meant for one of the first two: the message shows how to write it. */
const nested =
  (checks: Readonly<Record<string, Check>>, ...others: unknown[]): Check =>
  (option, value) => {
    const names = Object.keys(checks).slice(0, 2);
    const hint =
      typeof value === 'number'
        ? ` (${names.map((name) => `\`{ ${name}: ${value} }\``).join(' or ')}?)`
        : '';
    oneOf(others, isObject, `an object${hint}`)(option, value);
    if (isObject(value)) checkAll('option', value, checks, `${option}.`);
  };

const retryChecks: Record<keyof RetryOptions, Check> = {
  count: must('a number ≥ 0', (value) => typeof value === 'number' && value >= 0),
  delay: must(`${milliseconds} or a function`, (value) => isFunction(value) || isDuration(value)),
  resetAfter: duration(),
  shouldRetry: callback,
  wake: must('an Observable', isObservable),
};

const configChecks: Record<keyof GraphQLSocketConfig, Check> = {
  url: resolvable((_option, value) => webSocketUrl(value)),
  subprotocols: resolvable(checkSubprotocols),
  webSocketImpl: callback,
  webSocketOptions(_option, value) {
    checkConstructorOptions(value);
  },
  connectTimeout: duration(false),
  closeTimeout: duration(),
  connectionParams: resolvable(must('an object', isObject, true)),
  ackTimeout: duration(false),
  codecs: must('a list of codecs', (value) => Array.isArray(value) && value.every(isCodec)),
  jsonReviver: callback,
  jsonReplacer: callback,
  keepAliveTimeout: duration('auto', false),
  pingInterval: oneOf(
    [false],
    (value) => value && isDuration(value),
    'a number of milliseconds > 0',
  ),
  pongTimeout: duration(false),
  answerPings: flag,
  linger: duration(),
  retry: nested(retryChecks, false),
  onServerComplete,
  generateId: callback,
  print: callback,
};

const operationChecks: Record<keyof OperationOptions, Check> = { resend: flag, onServerComplete };
const dataChecks: Record<keyof DataOptions, Check> = {
  ...operationChecks,
  errorPolicy: oneOf(['none', 'ignore']),
};
const shareChecks: Record<keyof ShareOptions, Check> = {
  replay: must(
    'a whole number ≥ 0 or Infinity',
    (value) => value === Infinity || (Number.isInteger(value) && Number(value) >= 0),
  ),
  linger: duration(),
};

/** Checks of the options of each kind of method. */
export const methodChecks: {
  readonly operation: Record<keyof OperationOptions, Check>;
  readonly subscribe: Record<keyof SubscribeOptions, Check>;
  readonly single: Record<keyof SingleOptions, Check>;
  readonly reconnect: Record<keyof ReconnectOptions, Check>;
} = {
  operation: operationChecks,
  subscribe: { ...dataChecks, share: nested(shareChecks, true, false) },
  single: { ...dataChecks, sendWithin: duration() },
  reconnect: {
    code: must(
      '1000 or a whole number from 3000 to 4999',
      (code) =>
        code === 1000 || (Number.isInteger(code) && Number(code) > 2999 && Number(code) < 5000),
    ),
    reason: must(
      'a text of at most 123 bytes of UTF-8',
      (reason) => typeof reason === 'string' && bytesOf(reason) <= 123,
    ),
  },
};

/** Options of graphql-ws, subscriptions-transport-ws and `ws`, and the names of their like here. */
const elsewhere = {
  keepAlive: 'pingInterval',
  reconnect: 'retry',
  timeout: 'connectTimeout`, `ackTimeout` or `keepAliveTimeout',
  headers: 'webSocketOptions.headers',
  on: 'events$` and `status$',
  lazy: 'connection$',
};

/** Checks the second argument of a method. @throws ConfigurationError - an option that is unknown or wrong, or a field of a request. */
export function checkOptions(given: unknown, checks: Readonly<Record<string, Check>>): void {
  const field = requestFields.find((name) => name in Object(given));
  if (field) throw misplaced(field, 'option', `request \`{ query, ${field} }\``);
  checkAll('option', given, checks);
}

/** @throws ConfigurationError - the first option that is unknown, missing or wrong. */
export function checkConfig(config: GraphQLSocketConfig): void {
  checkAll('option', config, configChecks, '', elsewhere);
  const { subprotocols, codecs = [] } = config;
  if (subprotocols && !isResolvedAfresh(subprotocols)) {
    const dialects = codecs.map(({ subprotocol }) => subprotocol);
    checkSpoken(subprotocols as readonly string[], dialects);
  }
  if ((config as { url?: unknown }).url === undefined) webSocketUrl(undefined);
}

function isCodec(value: unknown): boolean {
  const { subprotocol, encode, decode } = (value ?? {}) as Record<string, unknown>;
  return typeof subprotocol === 'string' && isFunction(encode) && isFunction(decode);
}

/** Not by a TextEncoder, because React Native and jsdom have none. A lone surrogate is sent as three bytes. */
function bytesOf(text: string): number {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '…')).replace(/%../g, '.').length;
}
