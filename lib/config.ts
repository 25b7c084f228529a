import { isObservable } from 'rxjs';
import type { HandshakeOptions } from './connection/handshake.js';
import type { KeepAliveOptions } from './connection/keep-alive/keep-alive.js';
import type { RetryOptions } from './connection/reconnect/reconnect.js';
import type { ShareConnectionOptions } from './connection/share-connection.js';
import type { OperationOptions } from './operation/execute.js';
import type { SelectDataOptions } from './operation/results.js';
import type { ShareOptions } from './operation/share.js';
import { constructorOptions } from './transport/default-web-socket.js';
import type { OpenSocketOptions } from './transport/open-socket.js';
import { checkSubprotocols, webSocketUrl } from './transport/address.js';
import type { Variables } from './types.js';
import type { Check } from './validate.js';
import { checkAll, isFunction, isObject, must } from './validate.js';

/** All options of a socket object: those of its stages, and a few of its own. Times are ms. */
export interface GraphQLSocketConfig
  extends OpenSocketOptions, HandshakeOptions, KeepAliveOptions, ShareConnectionOptions {
  /** When and how often to dial again; `false` = never. @defaultValue `{}` */
  retry?: false | RetryOptions | undefined;
  /** The end of a subscription that the server completes; `restart`: the subscription is sent again, with backoff. @defaultValue `'complete'` */
  onServerComplete?: 'complete' | 'restart' | undefined;
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

/** Options of `subscribe$`. */
export interface SubscribeOptions extends DataOptions {
  /**
   * Equal operations (document, variables, name, extensions, options) that ask for it share one upstream operation. All get the very
   * same `data`: do not change it. `true` is `{}`.
   *
   * @defaultValue `false`
   */
  share?: boolean | ShareOptions | undefined;
}

const isDuration = (value: unknown) => typeof value === 'number' && value >= 0 && value < 2 ** 31;

const milliseconds = 'a number of milliseconds ≥ 0';
const duration = must(milliseconds, isDuration);
const deadline = must(`${milliseconds} or false`, (value) => value === false || isDuration(value));
const callback = must('a function', isFunction);
const flag = must('a boolean', (value) => typeof value === 'boolean');
const object = must('an object', isObject, true);

/** A constant is checked now; what a function or an Observable gives is checked when it is there. */
const resolvable =
  (check: Check): Check =>
  (option, value) => {
    if (!isFunction(value) && !isObservable(value)) check(option, value);
  };

const onServerComplete = must(
  "'complete' or 'restart'",
  (value) => value === 'complete' || value === 'restart',
);

const retryChecks: Record<keyof RetryOptions, Check> = {
  count: must('a number ≥ 0', (value) => typeof value === 'number' && value >= 0),
  resetAfter: duration,
  delay: must(`${milliseconds} or a function`, (value) => isFunction(value) || isDuration(value)),
  shouldRetry: callback,
  wake: must('an Observable', isObservable),
};

const configChecks: Record<keyof GraphQLSocketConfig, Check> = {
  url: resolvable((_option, value) => webSocketUrl(value)),
  subprotocols: resolvable(checkSubprotocols),
  webSocketImpl: callback,
  webSocketOptions(option, value) {
    constructorOptions(value as Variables);
    resolvable(object)(option, value);
  },
  connectTimeout: deadline,
  closeTimeout: duration,
  connectionParams: resolvable(object),
  ackTimeout: deadline,
  codecs: must('a list of codecs', (value) => Array.isArray(value) && value.every(isCodec)),
  jsonReviver: callback,
  jsonReplacer: callback,
  keepAliveTimeout: must(
    `'auto', ${milliseconds} or false`,
    (value) => value === 'auto' || value === false || isDuration(value),
  ),
  pingInterval: must(
    'a number of milliseconds > 0 or false',
    (value) => value === false || (isDuration(value) && value !== 0),
  ),
  pongTimeout: deadline,
  answerPings: flag,
  linger: duration,
  retry(option, value) {
    const hint =
      typeof value === 'number' ? ` (\`{ count: ${value} }\` or \`{ delay: ${value} }\`?)` : '';
    must(`false or an object${hint}`, (given) => given === false || isObject(given))(option, value);
    if (value !== false) checkAll('option', value, retryChecks, 'retry.');
  },
  onServerComplete,
  generateId: callback,
  print: callback,
};

const operationChecks: Record<keyof OperationOptions, Check> = {
  resend: flag,
  onServerComplete,
};
const dataChecks: Record<keyof DataOptions, Check> = {
  ...operationChecks,
  errorPolicy: must("'none' or 'ignore'", (value) => value === 'none' || value === 'ignore'),
};

const shareChecks: Record<keyof ShareOptions, Check> = {
  replay: must(
    'a whole number ≥ 0 or Infinity',
    (value) => value === Infinity || (Number.isInteger(value) && Number(value) >= 0),
  ),
  linger: duration,
};

/** Checks of the options of each kind of method. */
export const methodChecks: {
  readonly operation: Record<keyof OperationOptions, Check>;
  readonly subscribe: Record<keyof SubscribeOptions, Check>;
  readonly single: Record<keyof SingleOptions, Check>;
} = {
  operation: operationChecks,
  subscribe: {
    ...dataChecks,
    share(option, value) {
      const isFlag = typeof value === 'boolean';
      must('a boolean or an object', (given) => isFlag || isObject(given))(option, value);
      if (!isFlag) checkAll('option', value, shareChecks, 'share.');
    },
  },
  single: { ...dataChecks, sendWithin: duration },
};

/** @throws ConfigurationError - the first option that is unknown, missing or wrong. */
export function checkConfig(config: GraphQLSocketConfig): void {
  checkAll('option', config, configChecks);
  if ((config as { url?: unknown }).url === undefined) webSocketUrl(undefined);
}

function isCodec(value: unknown): boolean {
  const { subprotocol, encode, decode } = (value ?? {}) as Record<string, unknown>;
  return typeof subprotocol === 'string' && isFunction(encode) && isFunction(decode);
}
