import { loadCertify, type KeyPair } from './certify.js';

/** Certificates for TLS on this machine. */
export interface TestCertificates {
  /** Certificate of the authority that signed the others, in PEM. Client and server must trust it. */
  readonly ca: string;
  /** For `localhost`, `127.0.0.1` and `::1`. */
  readonly server: KeyPair;
  /** For a client, if the server asks for a certificate. */
  readonly client: KeyPair;
  /** Like `server`, but valid only in the year 2000. */
  readonly expired: KeyPair;
  /** Like `server`, but for `example.org`. */
  readonly wrongHost: KeyPair;
  /** Like `server`, but signed by itself. */
  readonly selfSigned: KeyPair;
}

/**
 * Makes new certificates for a test. It needs the package `selfsigned`.
 *
 * @throws Error when `selfsigned` is not installed
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
