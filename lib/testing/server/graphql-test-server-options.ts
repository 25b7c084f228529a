import type { BackfillOptions } from './backfill/backfill-options.js';
import type { Subprotocol } from './dialect.js';
import type { FeedOptions } from './feed/feed-options.js';
import type { LedgerOptions } from './ledger.js';
import type { ListeningOptions } from './listening-options.js';
import type { ConnectionContext, OperationHandler } from './operation-handler.js';
import type { Peer } from './peer.js';
import type { TokenOptions } from './token-options.js';
import type { ConnectVerdict, Eventually, UpgradeRequest, UpgradeVerdict } from './verdict.js';

/** Options of `graphqlTestServer`. */
export interface GraphQLTestServerOptions extends ListeningOptions {
  /**
   * Answers an operation: each value is a result, its end completes the operation, its error (or a throw) fails the operation alone.
   * It is unsubscribed from when the client ends the operation or the socket closes. Of an operation that comes by POST the first value
   * is the answer; reading `peer` or `subprotocol` of its context throws.
   *
   * @defaultValue every operation fails: "this test server has no handler"
   */
  readonly handle?: OperationHandler | undefined;
  /**
   * Answers operations with numbered rows, instead of `handle`: subscriptions with those to come, queries and POSTs with those that exist.
   *
   * Of a query's variables `since` and `till` (instants: ISO 8601, or ms since the epoch), `from` and `to` (numbers), all inclusive, and
   * `after` (a number) choose the rows, within what `backfill` allows.
   *
   * @defaultValue none
   */
  readonly feed?: FeedOptions | undefined;
  /**
   * How `POST /graphql` is answered. A body of more than 1 MiB gets 413.
   *
   * @defaultValue at once, whoever asks
   */
  readonly backfill?: BackfillOptions | undefined;
  /**
   * The seed of all that is random in the server: rows of a feed, latencies, heartbeats, the choices of a `script()`. An integer, of which
   * the lowest 32 bits count.
   *
   * @defaultValue 1
   */
  readonly seed?: number | undefined;
  /**
   * Speaks instead of the server: nothing is read, answered or checked but by the script, on each connection anew. An Observable is
   * subscribed to until the socket closes. A script that fails closes the connection with 1011, and makes `finished()` and `stop()` reject.
   *
   * @defaultValue none
   */
  readonly script?: ((peer: Peer) => Eventually<unknown>) | undefined;
  /**
   * The subprotocols supported, in the server's order of preference: the first that was offered is selected. An empty list selects
   * none (no response header). A function chooses from the offered ones itself, and may lie; what it throws answers 500.
   *
   * @defaultValue `['graphql-transport-ws', 'graphql-ws']`
   */
  readonly subprotocols?:
    readonly string[] | ((offered: readonly string[]) => string | undefined) | undefined;
  /**
   * The protocol spoken on a socket for which neither was selected; `false` closes it with 4406.
   *
   * @defaultValue `'graphql-ws'`; `false` if `subprotocols` is a list of others
   */
  readonly fallback?: Subprotocol | false | undefined;
  /**
   * Decides on the upgrade: nothing or `true` upgrades, `false` answers 401, a throw 500. So does anything else, but `finished()` and
   * `stop()` tell of it.
   *
   * @defaultValue everything is upgraded
   */
  readonly authorize?: ((request: UpgradeRequest) => Eventually<UpgradeVerdict>) | undefined;
  /**
   * Decides on a `connection_init`. A throw refuses it with the error's message. What is no verdict closes with 1011, and `finished()` and
   * `stop()` tell of it.
   *
   * @defaultValue everything is acknowledged, without a payload
   */
  readonly connect?: ((context: ConnectionContext) => Eventually<ConnectVerdict>) | undefined;
  /**
   * ms between `connection_init` and its answer; `false` never answers.
   *
   * @defaultValue 0: at once
   */
  readonly ackDelay?: number | false | undefined;
  /**
   * ms that a client may take to send `connection_init` before it is closed with 4408; `false` = for ever.
   *
   * @defaultValue 3000
   */
  readonly initTimeout?: number | false | undefined;
  /**
   * ms between heartbeats, from the ack on; `false` = none. The legacy protocol's first `ka` comes right after the ack.
   *
   * @defaultValue false
   */
  readonly keepAlive?: number | false | undefined;
  /**
   * The part of `keepAlive`, 0 to 1, by which each heartbeat may come earlier or later, drawn by `seed`.
   *
   * @defaultValue 0: none
   */
  readonly keepAliveJitter?: number | undefined;
  /**
   * The current protocol's heartbeat: `ping`, which the client answers, or an unsolicited `pong`.
   *
   * @defaultValue `'ping'`
   */
  readonly keepAliveMessage?: 'ping' | 'pong' | undefined;
  /**
   * Payload of the current protocol's heartbeat.
   *
   * @defaultValue none
   */
  readonly keepAlivePayload?: unknown;
  /**
   * Whether a client's `ping` is answered, its payload echoed.
   *
   * @defaultValue true
   */
  readonly answerPings?: boolean | undefined;
  /**
   * Whether the client's end of an operation (`stop`, `complete`) is neither acknowledged nor obeyed: results keep coming.
   *
   * @defaultValue false
   */
  readonly ignoreStop?: boolean | undefined;
  /**
   * Requires a token in the URL (`?token=…`), or elsewhere. Any will do but `expired` (HTTP 401), `revoked` (403) and `nocredit`
   * (402, "No active billing period"). In a handshake 401 becomes the close code 4401, and the others 4403.
   * A POST must bring one in its URL or as `Authorization: Bearer …`.
   *
   * @defaultValue false: nobody is asked for one
   */
  readonly tokens?: boolean | TokenOptions | undefined;
  /**
   * The streams that may be billed at once: of all clients, with `tokens` of each token. Operations beyond are accepted in silence and
   * never get a result, while heartbeats go on. What nobody listens to any more counts as long as the server works for it.
   *
   * @defaultValue false: any number
   */
  readonly maxStreams?: number | false | undefined;
  /**
   * How much the ledger keeps.
   *
   * @defaultValue everything
   */
  readonly ledger?: LedgerOptions | undefined;
  /**
   * Bytes that may wait in a socket's send buffer, as measured at the next frame; beyond, the client is closed with 1013,
   * "client is not consuming messages fast enough". The buffers of the operating system, some MB on the loopback, come before it.
   *
   * @defaultValue false: any number
   */
  readonly maxBuffered?: number | false | undefined;
}

/** Options after their defaults. */
export type Settled<K extends keyof GraphQLTestServerOptions> = {
  readonly [P in K]-?: Exclude<GraphQLTestServerOptions[P], undefined>;
};
