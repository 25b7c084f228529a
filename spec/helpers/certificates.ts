import { generate } from 'selfsigned';

/** A private key and its certificate, in PEM. */
interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** What it takes to speak TLS on this machine. */
export interface Certificates {
  /** Signs `server` and `client`. */
  readonly authority: KeyPair;
  /** For `localhost` and `127.0.0.1`. */
  readonly server: KeyPair;
  readonly client: KeyPair;
  /** For the same names, signed by itself. */
  readonly selfSigned: KeyPair;
  /** Signed by `authority`, for `example.org`. */
  readonly otherHost: KeyPair;
}

type Options = NonNullable<Parameters<typeof generate>[1]>;

/** Certificates of our own, new in every run. */
export async function createCertificates(): Promise<Certificates> {
  const authority = await certify('rx-graphql-ws test authority', {
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  return {
    authority,
    server: await certify('localhost', { ca: authority }),
    client: await certify('client', { ca: authority }),
    selfSigned: await certify('localhost'),
    otherHost: await certify('example.org', { ca: authority }),
  };
}

async function certify(commonName: string, options: Options = {}): Promise<KeyPair> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...options,
  });
  return { key, cert };
}
