import type { FaultScript, Peer, ServerFaults } from './peer.js';
import type { Truth } from './feed.js';
import type { Ledger } from './ledger.js';

/** A GraphQL server on this machine, and the faults that it can cause. */
export interface GraphQLTestServer extends ServerFaults, AsyncDisposable {
  /** `ws://127.0.0.1:<port>/graphql`, with `tls` `wss:`. The port stays the same over `stop()` and `start()`. */
  readonly url: string;
  /** The URL for POSTs: `http://127.0.0.1:<port>/graphql`, with `tls` `https:`. */
  readonly httpUrl: string;
  /** The certificate that clients must trust as `ca`, in PEM, if `tls` asked the server to make one. */
  readonly certificate: string | undefined;
  /** A record of everything that the server received and did. */
  readonly ledger: Ledger;
  /** The rows of the `feed` that existed, whatever clients received. Its methods throw without a `feed`. */
  readonly truth: Truth;
  /** The open sockets, in the order of their opening. Each has faults of its own. */
  readonly peers: readonly Peer[];
  /** Begins a timed script of faults. */
  script(): FaultScript;
  /**
   * Waits for every script that has begun, timed ones too; without the option `script`, for every socket to close.
   * @throws the first error of a script, or the first TypeError about the result of `authorize`, `connect` or `subprotocols`
   */
  finished(): Promise<void>;
  /** Stops listening, drops every socket, cancels timed scripts. Dials are refused until `start()`. @throws the first error not reported yet */
  stop(): Promise<void>;
  /** Listens again, at the same port. */
  start(): Promise<void>;
}
