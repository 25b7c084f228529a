import type { generate } from 'selfsigned';

/** A private key and its certificate, in PEM: `key` and `cert` of `node:tls`. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** The properties of a certificate. */
export interface Certificate {
  /** @defaultValue `localhost`, `127.0.0.1` and `::1` */
  readonly host?: string;
  readonly expired?: boolean;
  /** Signs the certificate; default the certificate itself. */
  readonly authority?: KeyPair;
  /** Whether the certificate is an authority's, instead of a host's. */
  readonly isAuthority?: boolean;
}

/** Makes a key and its certificate. */
export type Certify = (certificate?: Certificate) => Promise<KeyPair>;

type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>;

/**
 * Loads the optional package `selfsigned`, which makes certificates.
 *
 * @param load - imports the package
 * @throws Error that tells how to install it
 */
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
  return [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
    {
      name: 'subjectAltName',
      altNames: [{ type: 2, value: host }, ...addresses.map((ip) => ({ type: 7 as const, ip }))],
    },
  ];
}
