import type { GeneratedCertificate, TestTlsOptions } from './prepare-tls.js';

/** Where a test server listens, and what it says to whoever comes. */
export interface ListeningOptions {
  /**
   * @defaultValue 0: any free port
   */
  readonly port?: number | undefined;
  /**
   * The address to listen on, also the host of `url`, where an IPv6 address is in brackets.
   *
   * @defaultValue `'127.0.0.1'`
   */
  readonly host?: string | undefined;
  /**
   * Makes it `wss:`, with `key`, `cert`, `ca`, `requestCert`, … of `node:tls`, or with a `certificate` that is made at start, by the
   * package `selfsigned`: its kind may stand alone. `certificate` of the server is what clients must trust then. One of `certificate`,
   * `key` and `cert`, `pfx` or `SNICallback` it must have.
   *
   * @defaultValue none: `ws:`
   */
  readonly tls?: GeneratedCertificate | TestTlsOptions | undefined;
  /**
   * Headers added to the response that upgrades: such as HTTP allows.
   *
   * @defaultValue none
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}
