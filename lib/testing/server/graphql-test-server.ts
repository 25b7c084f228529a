import { acceptSockets } from './accept-sockets.js';
import { checkOptions } from './check-options.js';
import { createUpgrader } from './create-upgrader.js';
import type { GraphQLTestServerOptions } from './graphql-test-server-options.js';
import { createLedger, type Ledger } from './ledger.js';
import { createListener } from './listener.js';
import type { Peer } from './peer.js';
import { runScripts } from './run-scripts.js';
import type { Rejection } from './verdict.js';
import type { Frame } from './wire-message.js';

/** A GraphQL server on this machine, and the levers to make it misbehave. */
export interface GraphQLTestServer extends AsyncDisposable {
  /** Where it listens: `ws://127.0.0.1:<port>/graphql`, with `tls` `wss:`. The port stays the same over `stop()` and `start()`. */
  readonly url: string;
  /** What it saw. */
  readonly ledger: Ledger;
  /** The sockets open now, in the order of their opening: each can be sent to, closed, dropped and stalled on its own. */
  readonly peers: readonly Peer[];
  /** Sends raw frames on every open socket. */
  send(...frames: readonly Frame[]): void;
  /** Closes every open socket, without a code if none is given. */
  close(code?: number, reason?: string): void;
  /** Ends the TCP connection of every open socket without a close frame. */
  drop(): void;
  /** Stops sending and reading on every open socket: they are half-open from now on. New sockets work. */
  stall(): void;
  /**
   * Refuses the handshakes to come, until `accept()`.
   *
   * @param payload - of the legacy `connection_error`; default `{ message: 'Forbidden' }`
   * @param close - code and reason that follow; default 4403, on the legacy protocol 1011, and `'Forbidden'`
   */
  reject(payload?: unknown, close?: Omit<Rejection, 'reject'>): void;
  /** Leaves the handshakes to come to `connect` again. */
  accept(): void;
  /**
   * Waits for every script begun to end; without `script`, for every socket opened to close.
   *
   * @throws the first failure of a script, an expectation of `peer.read` that was not met, say
   */
  finished(): Promise<void>;
  /**
   * Stops listening and drops every socket; leaves nothing open. Dials are refused until `start()`.
   *
   * @throws the first failure of a script that `finished()` has not told
   */
  stop(): Promise<void>;
  /** Listens again, at the same port. */
  start(): Promise<void>;
}

/**
 * Starts a GraphQL server that speaks graphql-transport-ws and the legacy `graphql-ws` on one port, for tests.
 * It executes no GraphQL: `handle` answers the operations, or `script` plays the whole conversation.
 *
 * @param options - see {@link GraphQLTestServerOptions}
 * @returns the server, listening
 * @throws Error when the port is taken
 * @throws TypeError for an option that is unknown or wrong, before anything listens
 *
 * @example
 * ```ts
 * const server = await graphqlTestServer({
 *   handle: ({ variables }) => interval(100).pipe(map((n) => ({ data: { number: n } })), take(variables.count)),
 *   connect: ({ connectionParams }) => (connectionParams ? { ack: { session: 1 } } : { reject: 'no token' }),
 *   keepAlive: 1_000,
 * });
 * // dial server.url …
 * await server.ledger.received('complete');          // the client ended its operation
 * server.stall();                                    // half-open: also drop(), close(4403, 'expired'), reject(), send('{'), stop() and start()
 * server.peers[0]?.close(1013);                      // one socket alone
 * assert.deepEqual(server.ledger.operations, []);    // nothing that it still works for
 * await server.stop();
 * ```
 *
 * @example
 * ```ts
 * const server = await graphqlTestServer({
 *   subprotocols: [],                                // no response header; `fallback` is spoken
 *   script: async (peer) => {
 *     await peer.read('connection_init');            // throws when another message comes, or none
 *     peer.send({ type: 'connection_ack' });
 *     const [first, second] = [await peer.read('start'), await peer.read('start')];
 *     peer.send({ type: 'data', id: first.id, payload: { data: 1 } }, { type: 'complete', id: first.id }, '{ raw', Uint8Array.of(1));
 *     for await (const message of peer) console.log(second, message);    // until the socket closes
 *   },
 * });
 * await server.finished();                           // rejects if the script failed; so does stop()
 * ```
 */
export async function graphqlTestServer(
  options: GraphQLTestServerOptions = {},
): Promise<GraphQLTestServer> {
  checkOptions(options);
  const { ledger, write } = createLedger(options.ledger);
  const scripts = runScripts();
  let rejection: Rejection | undefined;
  const { peers, onSocket } = acceptSockets(options, () => rejection, scripts, write);
  const upgrader = createUpgrader(options, onSocket, write);
  const listener = createListener(options, upgrader);
  const stop = async () => {
    scripts.abandon(peers);
    await listener.stop();
    scripts.tell();
  };
  await listener.start();
  return {
    get url() {
      return listener.url;
    },
    ledger,
    get peers() {
      return [...peers];
    },
    send: (...frames) => {
      for (const peer of peers) peer.send(...frames);
    },
    close: (code, reason) => {
      for (const peer of peers) peer.close(code, reason);
    },
    drop: () => {
      for (const peer of peers) peer.drop();
    },
    stall: () => {
      for (const peer of peers) peer.stall();
    },
    reject: (payload = { message: 'Forbidden' }, close) => {
      rejection = { ...close, reject: payload };
    },
    accept: () => {
      rejection = undefined;
    },
    finished: () => scripts.finished(),
    stop,
    start: () => listener.start(),
    [Symbol.asyncDispose]: stop,
  };
}
