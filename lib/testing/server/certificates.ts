import { loadCertify, type KeyPair } from './certify.js';

/** What it takes to speak TLS on this machine. */
export interface TestCertificates {
  /** Certificate of the authority that signed the others, in PEM: what either side must trust. */
  readonly ca: string;
  /** For `localhost`, `127.0.0.1` and `::1`. */
  readonly server: KeyPair;
  /** For a client that must show one. */
  readonly client: KeyPair;
  /** Like `server`, but it was valid in the year 2000 alone. */
  readonly expired: KeyPair;
  /** Like `server`, but for `example.org`. */
  readonly wrongHost: KeyPair;
  /** Like `server`, but signed by itself. */
  readonly selfSigned: KeyPair;
}

/**
 * Makes certificates for tests, new ones at every call. It needs the package `selfsigned`.
 *
 * @throws Error where `selfsigned` is not installed
 *
 * @example
 * ```ts
 * const { ca, server, client } = await testCertificates();
 * const { url } = await graphqlTestServer({ tls: { ...server, ca, requestCert: true, rejectUnauthorized: true } });
 * const socket = graphqlSocket({ url, webSocketOptions: { ca, ...client } });
 * ```
 */
export async function testCertificates(): Promise<TestCertificates> {
  const certify = await loadCertify();
  const authority = await certify({ host: 'rx-graphql-ws test authority', isAuthority: true });
  return {
    ca: authority.cert,
    server: await certify({ authority }),
    client: await certify({ authority, host: 'client' }),
    expired: await certify({ authority, expired: true }),
    wrongHost: await certify({ authority, host: 'example.org' }),
    selfSigned: await certify(),
  };
}
