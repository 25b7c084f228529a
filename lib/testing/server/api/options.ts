import type { IncomingHttpHeaders } from 'node:http';
import type { ExecutionResult, SentRequest } from 'rx-graphql-ws';
import type { ObservableInput } from 'rxjs';
import type { GeneratedCertificate, TestTlsOptions } from '../certificates.js';
import type {
  ConnectVerdict,
  Eventually,
  Peer,
  Subprotocol,
  UpgradeRequest,
  UpgradeVerdict,
} from './peer.js';
import type { FeedOptions } from './feed.js';

/** An operation as the client sent it. */
export interface OperationRequest extends SentRequest {
  readonly id: string;
}

/** The connection of an operation or of a handshake. */
export interface ConnectionContext {
  /** The client: the handler can send it a raw frame, close it or drop it. */
  readonly peer: Peer;
  /** Payload of the client's `connection_init`. */
  readonly connectionParams: unknown;
  /** Path and query of the upgrade request. */
  readonly url: string;
  /** Headers of the upgrade request. */
  readonly headers: IncomingHttpHeaders;
  /** The protocol that the server speaks, whether it was negotiated or not. */
  readonly subprotocol: Subprotocol;
}

/** Answers an operation: each value is a result. The server sends the message of an `Error` among the errors of a result. */
export type OperationHandler = (
  request: OperationRequest,
  context: ConnectionContext,
) => ObservableInput<ExecutionResult>;

/** An operation that came by POST. */
export interface PostRequest extends Pick<ConnectionContext, 'url' | 'headers'> {
  /** `undefined` if the body holds no operation. */
  readonly request: OperationRequest | undefined;
}

/** Options of `graphqlTestServer`. */
export interface GraphQLTestServerOptions {
  /**
   * Answers an operation: each value is a result, an error or a throw fails it. The server unsubscribes when the client ends the operation
   * or the socket closes. A POST gets the first value; its context throws when `peer` or `subprotocol` is read.
   * @defaultValue every operation fails: "this test server has no handler"
   */
  readonly handle?: OperationHandler | undefined;
  /**
   * Answers with numbered rows, instead of `handle`: subscriptions with rows to come, queries and POSTs with rows that exist. A query selects
   * them by its variables `since` and `till` (instants: ISO 8601, or ms since the epoch), `from` and `to` (numbers), all inclusive, `after`
   * (a number) and `limit` (a number of rows), within the limits of `backfill`.
   * @defaultValue none
   */
  readonly feed?: FeedOptions | undefined;
  /** Shapes the answers to `POST /graphql`. A body of more than 1 MiB gets 413. @defaultValue every POST is answered at once */
  readonly backfill?: BackfillOptions | undefined;
  /** An integer that seeds rows of a feed, latencies, heartbeats, and the choices of a `script()`. @defaultValue 1 */
  readonly seed?: number | undefined;
  /**
   * Plays the server's part on each connection: the server itself neither reads nor answers. An Observable is subscribed to until the socket
   * closes. A script that fails closes the connection with 1011, and `finished()` and `stop()` reject. @defaultValue none
   */
  readonly script?: ((peer: Peer) => Eventually<unknown>) | undefined;
  /**
   * The supported subprotocols: the server selects the first one that the client offers, and none from an empty list. A function chooses
   * from the offered ones, or returns any other name; a throw answers 500.
   * @defaultValue `['graphql-transport-ws', 'graphql-ws']`
   */
  readonly subprotocols?:
    readonly string[] | ((offered: readonly string[]) => string | undefined) | undefined;
  /** The protocol of a socket for which neither was selected; `false` closes it with 4406. @defaultValue false */
  readonly fallback?: Subprotocol | false | undefined;
  /**
   * Decides on an upgrade: nothing or `true` upgrades, `false` answers 401, a throw 500. Any other value also answers 500, and `finished()`
   * and `stop()` reject. @defaultValue every request is upgraded
   */
  readonly authorize?: ((request: UpgradeRequest) => Eventually<UpgradeVerdict>) | undefined;
  /**
   * Decides on a `connection_init`. A throw refuses it with the message of the error. A value that is no verdict closes with 1011, and
   * `finished()` and `stop()` reject. @defaultValue every `connection_init` is acknowledged, without a payload
   */
  readonly connect?: ((context: ConnectionContext) => Eventually<ConnectVerdict>) | undefined;
  /** ms between `connection_init` and its answer, 0 for a microtask; `false` never answers. @defaultValue 0 */
  readonly ackDelay?: number | false | undefined;
  /** ms until a client without `connection_init` is closed with 4408; `false` for no limit. @defaultValue 3000; legacy protocol: `false` */
  readonly initTimeout?: number | false | undefined;
  /** ms between heartbeats; `false` for none. The first `ka` of the legacy protocol follows the ack at once. @defaultValue false */
  readonly keepAlive?: number | false | undefined;
  /** The part of `keepAlive`, 0 to 1, by which each heartbeat may come earlier or later, drawn by `seed`. @defaultValue 0 */
  readonly keepAliveJitter?: number | undefined;
  /** The heartbeat of the current protocol: a `ping`, or an unsolicited `pong`. @defaultValue `'ping'` */
  readonly keepAliveMessage?: 'ping' | 'pong' | undefined;
  /** Payload of the heartbeat of the current protocol. @defaultValue none */
  readonly keepAlivePayload?: unknown;
  /** Whether the server answers a `ping`, with the same payload. @defaultValue true */
  readonly answerPings?: boolean | undefined;
  /** Whether the server goes on with an operation that the client has ended (`stop`, `complete`). @defaultValue false */
  readonly ignoreStop?: boolean | undefined;
  /**
   * Requires a token. Every token works except `expired` (401), `revoked` (403) and `nocredit` (402). A handshake closes with 4401 instead of
   * 401, and with 4403 instead of the others. A POST has its token in the URL, or as `Authorization: Bearer …`. @defaultValue false
   */
  readonly tokens?: boolean | TokenOptions | undefined;
  /** Streams that may be billed at once, with `tokens` for each token; further operations get no result. @defaultValue false: any number */
  readonly maxStreams?: number | false | undefined;
  /** @defaultValue everything is kept */
  readonly ledger?: LedgerOptions | undefined;
  /**
   * Bytes that may wait in the send buffer of a socket, measured at the next frame: a slower client is closed with 1013. The buffers of the
   * operating system, some MB on the loopback, do not count. @defaultValue false: any number
   */
  readonly maxBuffered?: number | false | undefined;
  /** The port to listen on. @defaultValue 0: any free port */
  readonly port?: number | undefined;
  /** The address to listen on, also the host of `url`, with an IPv6 address in brackets. @defaultValue `'127.0.0.1'` */
  readonly host?: string | undefined;
  /**
   * Listens with TLS (`wss:`): options of `node:tls`, or the kind of a `certificate` that the server makes at start with the package
   * `selfsigned`. One of `certificate`, `key` and `cert`, `pfx` or `SNICallback` is required. @defaultValue none: `ws:`
   */
  readonly tls?: GeneratedCertificate | TestTlsOptions | undefined;
  /** Headers to add to the response that upgrades. @defaultValue none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Options for the answers to `POST /graphql`. */
export interface BackfillOptions {
  /** ms until the answer: a number, or the least and the most of a random time, drawn by the server's `seed`. @defaultValue 0 */
  readonly latency?: number | readonly [least: number, most: number] | undefined;
  /** ms: an answer holds no older rows of a feed; `false` for no limit. @defaultValue false */
  readonly horizon?: number | false | undefined;
  /** ms: an answer holds no younger rows of a feed, as if the history were so late behind the stream. @defaultValue 0 */
  readonly lag?: number | undefined;
  /** The first so many rows of those asked for; `false` for no limit but a million, which is the most there is. @defaultValue 25000 */
  readonly maxRows?: number | false | undefined;
  /**
   * Decides on a POST: nothing or `true` answers it, `false` refuses it with 401, a throw with 500. Any other value also answers 500, and
   * `finished()` and `stop()` reject. @defaultValue every POST is answered
   */
  readonly authorize?:
    ((request: Pick<UpgradeRequest, 'url' | 'headers'>) => Eventually<UpgradeVerdict>) | undefined;
}

/** Options for the tokens of clients. */
export interface TokenOptions {
  /** `?token=` in the URL, `Authorization: Bearer …`, or `token` in the payload of `connection_init`. @defaultValue `'url'` */
  readonly in?: 'url' | 'header' | 'params' | undefined;
  /** The code with which `expireToken()` closes open sockets. @defaultValue 4403 */
  readonly closeCode?: 4403 | 4401 | undefined;
}

/** Options of the ledger. */
export interface LedgerOptions {
  /**
   * Whether the ledger keeps past entries. With `false` the lists of entries stay empty, and `entries$`, `until`, `received` and, without a
   * `script`, the streams of the peers see only what is to come.
   * @defaultValue true
   */
  readonly history?: boolean | undefined;
}
