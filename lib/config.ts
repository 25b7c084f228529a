import { isObservable } from 'rxjs';
import type { ShareConnectionOptions } from './connection/share-connection.js';
import type { HandshakeOptions } from './connection/handshake.js';
import type { KeepAliveOptions } from './connection/keep-alive.js';
import type { RetryOptions } from './connection/reconnect.js';
import type { OperationOptions } from './operation/execute.js';
import type { SelectDataOptions } from './operation/select-data.js';
import { takesOptions } from './transport/default-web-socket.js';
import type { OpenSocketOptions } from './transport/open-socket.js';
import { checkSubprotocols } from './transport/subprotocols.js';
import { webSocketUrl } from './transport/url.js';
import { expected, kindOf, unknownName } from './validate.js';

/** All options of a socket object: those of its stages, and a few of its own. Times are ms. */
export interface GraphQLSocketConfig
  extends OpenSocketOptions, HandshakeOptions, KeepAliveOptions, ShareConnectionOptions {
  /** When and how often to dial again; `false` = never. @defaultValue `{}` */
  retry?: false | RetryOptions | undefined;
  /** Operation ids; none may be given twice. @defaultValue `"1"`, `"2"`, … */
  generateId?: (() => string) | undefined;
  /** Turns a DocumentNode into text: `print` of graphql. @defaultValue its `loc.source.body` */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- graphql's `print` wants a type that we do not import
  print?: ((document: any) => string) | undefined;
}

/** How a stream of data is run. */
export interface DataOptions extends OperationOptions, SelectDataOptions {}

/** Options of `query$` and `mutate$`. */
export interface SingleOptions extends DataOptions {
  /** ms within which it must have been sent; else a `ConnectionError`, and it never is. @defaultValue none */
  sendWithin?: number | undefined;
}

/** Throws unless the value is right. */
type Check = (option: string, value: unknown) => void;

const one =
  (expectation: string, test: (value: unknown) => boolean, secret = false): Check =>
  (option, value) => {
    if (!test(value)) throw expected(option, expectation, value, secret);
  };

const isDuration = (value: unknown) => typeof value === 'number' && value >= 0 && value < 2 ** 31;
const isFunction = (value: unknown) => typeof value === 'function';
const isObject = (value: unknown) => kindOf(value) === 'object';

const duration = one('a number of milliseconds ≥ 0', isDuration);
const deadline = one(
  'a number of milliseconds ≥ 0 or false',
  (value) => value === false || isDuration(value),
);
const callback = one('a function', isFunction);
const flag = one('a boolean', (value) => typeof value === 'boolean');

/** A constant is checked now; what a function or an Observable gives is checked when it is there. */
const resolvable =
  (check: Check): Check =>
  (option, value) => {
    if (!isFunction(value) && !isObservable(value)) check(option, value);
  };

const retryChecks: Record<keyof RetryOptions, Check> = {
  count: one('a number ≥ 0', (value) => typeof value === 'number' && value >= 0),
  resetAfter: duration,
  delay: one(
    'a number of milliseconds ≥ 0 or a function',
    (value) => isFunction(value) || isDuration(value),
  ),
  shouldRetry: callback,
};

const retry: Check = (option, value) => {
  if (value === false) return;
  if (typeof value === 'number') {
    const expectation = `false or an object (\`{ count: ${String(value)} }\` or \`{ delay: ${String(value)} }\`?)`;
    throw expected(option, expectation, value);
  }
  check(option, value, retryChecks, 'option of `retry`', 'retry.');
};

const configChecks: Record<keyof GraphQLSocketConfig, Check> = {
  url: resolvable((_option, value) => void webSocketUrl(value)),
  subprotocols: resolvable((_option, value) => {
    checkSubprotocols(value);
  }),
  webSocketImpl: one('a WebSocket constructor', isFunction),
  webSocketOptions: (option, value) => {
    if (!takesOptions) throw expected(option, 'absent: a browser takes no options', value, true);
    resolvable(one('an object', isObject, true))(option, value);
  },
  connectTimeout: deadline,
  closeTimeout: duration,
  connectionParams: resolvable(one('an object', isObject, true)),
  ackTimeout: deadline,
  codecs: one('a list of codecs', (value) => Array.isArray(value) && value.every(isCodec)),
  jsonReviver: callback,
  jsonReplacer: callback,
  keepAliveTimeout: deadline,
  pingInterval: deadline,
  pongTimeout: deadline,
  answerPings: flag,
  linger: duration,
  retry,
  generateId: callback,
  print: callback,
};

const operationChecks: Record<keyof OperationOptions, Check> = { resend: flag };
const dataChecks: Record<keyof DataOptions, Check> = {
  ...operationChecks,
  errorPolicy: one("'none' or 'ignore'", (value) => value === 'none' || value === 'ignore'),
};
const singleChecks: Record<keyof SingleOptions, Check> = { ...dataChecks, sendWithin: duration };

/** @throws ConfigurationError - the first option that is unknown, missing or wrong. */
export function checkConfig(config: GraphQLSocketConfig): void {
  check('config', config, configChecks, 'option');
  if ((config as { url?: unknown }).url === undefined) {
    throw expected('url', 'a ws: or wss: URL', undefined);
  }
}

/** @throws ConfigurationError */
export function checkOperationOptions(options: OperationOptions): void {
  check('options', options, operationChecks, 'option');
}

/** @throws ConfigurationError */
export function checkDataOptions(options: DataOptions): void {
  check('options', options, dataChecks, 'option');
}

/** @throws ConfigurationError */
export function checkSingleOptions(options: SingleOptions): void {
  check('options', options, singleChecks, 'option');
}

function check(
  name: string,
  given: unknown,
  checks: Readonly<Record<string, Check>>,
  what: string,
  prefix = '',
): void {
  if (!isObject(given)) throw expected(name, 'an object', given, name === 'config');
  const unknown = unknownName(given as object, Object.keys(checks), what);
  if (unknown) throw unknown;
  for (const [option, value] of Object.entries(given as object)) {
    if (value !== undefined) checks[option]?.(prefix + option, value);
  }
}

function isCodec(value: unknown): boolean {
  const { subprotocol, encode, decode } = (value ?? {}) as Record<string, unknown>;
  return typeof subprotocol === 'string' && isFunction(encode) && isFunction(decode);
}
