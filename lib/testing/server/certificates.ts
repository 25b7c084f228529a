import type { TlsOptions } from 'node:tls';
import type { generate } from 'selfsigned';

/** A private key and its certificate, in PEM: `key` and `cert` of `node:tls`. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

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
 * Makes new certificates for a test. @throws Error when the package `selfsigned` is not installed
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

/** A certificate that the server makes and signs at start: a good one for `localhost` and `127.0.0.1`, or one that a client must refuse. */
export type GeneratedCertificate = 'self-signed' | 'expired' | 'wrong-host';

/** Options of `node:tls`. `certificate` replaces `key` and `cert`. */
export interface TestTlsOptions extends TlsOptions {
  /** @defaultValue none: you give `key` and `cert` */
  readonly certificate?: GeneratedCertificate | undefined;
}

const kinds: Readonly<Record<GeneratedCertificate, Certificate>> = {
  'self-signed': {},
  expired: { expired: true },
  'wrong-host': { host: 'example.org' },
};

/** Makes the certificate that the options ask for. @throws Error when `selfsigned` is not installed */
export async function prepareTls(
  options: GeneratedCertificate | TestTlsOptions | undefined,
): Promise<{ readonly tls?: TlsOptions | undefined; readonly certificate?: string }> {
  const { certificate: kind, ...tls } =
    typeof options === 'string' ? { certificate: options } : (options ?? {});
  if (kind === undefined) return options === undefined ? {} : { tls };
  const certify = await loadCertify();
  const pair = await certify(kinds[kind]);
  return { tls: { ...tls, ...pair }, certificate: pair.cert };
}

interface Certificate {
  readonly host?: string;
  readonly expired?: boolean;
  /** Signs the certificate, which otherwise signs itself. */
  readonly authority?: KeyPair;
  readonly isAuthority?: boolean;
}

type Certify = (certificate?: Certificate) => Promise<KeyPair>;

type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>;

/** Loads the optional package `selfsigned`. @throws Error that tells how to install it */
export async function loadCertify(load = () => import('selfsigned')): Promise<Certify> {
  const globals = new Set(Object.keys(globalThis));
  const selfsigned = await load().catch((cause: unknown) => {
    throw new Error(
      'certificates are made by the package selfsigned, which could not be loaded: npm install --save-dev selfsigned',
      { cause },
    );
  });
  // A dependency of the package leaves tslib's helpers (`__extends`, …) there, which `mocha --check-leaks` would report.
  for (const [name, value] of Object.entries(globalThis))
    if (name.startsWith('__') && typeof value === 'function' && !globals.has(name))
      Reflect.deleteProperty(globalThis, name);
  return async ({ host = 'localhost', expired, authority, isAuthority } = {}) => {
    const { private: key, cert } = await selfsigned.generate(
      [{ name: 'commonName', value: host }],
      {
        // An elliptic key takes a few ms, an RSA key a few hundred.
        ...{ keyType: 'ec', algorithm: 'sha256' },
        ...(authority && { ca: authority }),
        // Fixed, because the clock of a test may be a fake.
        notBeforeDate: new Date('2000-01-01'),
        notAfterDate: new Date(expired ? '2001-01-01' : '2049-01-01'),
        extensions: isAuthority ? forAuthority : forHost(host),
      },
    );
    return { key, cert };
  };
}

const forAuthority: Extensions = [
  { name: 'basicConstraints', cA: true, critical: true },
  { name: 'keyUsage', keyCertSign: true, critical: true },
];

function forHost(host: string): Extensions {
  const addresses = host === 'localhost' ? ['127.0.0.1', '::1'] : [];
  const ips = addresses.map((ip) => ({ type: 7 as const, ip }));
  return [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
    { name: 'subjectAltName', altNames: [{ type: 2, value: host }, ...ips] },
  ];
}
