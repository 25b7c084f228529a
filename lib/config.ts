import type { HandshakeOptions } from './connection/handshake.js';
import type { KeepAliveOptions } from './connection/keep-alive/keep-alive.js';
import type { RetryOptions } from './connection/reconnect/reconnect.js';
import type { ShareConnectionOptions } from './connection/share-connection.js';
import type { OperationOptions } from './operation/execute.js';
import type { SelectDataOptions } from './operation/results.js';
import type { ShareOptions } from './operation/share.js';
import type { OpenSocketOptions } from './transport/open-socket.js';

/** All options of a socket object: those of its stages, and a few of its own. Times are ms. */
export interface GraphQLSocketConfig
  extends OpenSocketOptions, HandshakeOptions, KeepAliveOptions, ShareConnectionOptions {
  /** When and how often to dial again; `false` = never. @defaultValue `{}` */
  retry?: false | RetryOptions | undefined;
  /** The end of a subscription that the server completes; `restart`: the subscription is sent again, with backoff. @defaultValue `'complete'` */
  onServerComplete?: 'complete' | 'restart' | undefined;
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

/** The close frame of `reconnect()`. */
export interface ReconnectOptions {
  /** The close code: 1000, or 3000 to 4999. @defaultValue `1000` */
  code?: number | undefined;
  /** The close reason, at most 123 bytes of UTF-8. @defaultValue `''` */
  reason?: string | undefined;
}
