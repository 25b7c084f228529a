import type { TlsOptions } from 'node:tls';
import { loadCertify, type Certificate } from './certify.js';

/** A certificate that the server makes and signs at start: a good one for `localhost` and `127.0.0.1`, or one that a client must refuse. */
export type GeneratedCertificate = 'self-signed' | 'expired' | 'wrong-host';

/** Options of `node:tls`. `certificate` replaces `key` and `cert`. */
export interface TestTlsOptions extends TlsOptions {
  /** @defaultValue none: you give `key` and `cert` */
  readonly certificate?: GeneratedCertificate | undefined;
}

/** TLS options for the listener, and the certificate for clients. */
export interface PreparedTls {
  readonly tls?: TlsOptions | undefined;
  /** The certificate that clients must trust, in PEM, if the server made one. */
  readonly certificate?: string;
}

const kinds: Readonly<Record<GeneratedCertificate, Certificate>> = {
  'self-signed': {},
  expired: { expired: true },
  'wrong-host': { host: 'example.org' },
};

/**
 * Makes the certificate that the options ask for.
 *
 * @throws Error when the options ask for one and `selfsigned` is not installed
 */
export async function prepareTls(
  options: GeneratedCertificate | TestTlsOptions | undefined,
): Promise<PreparedTls> {
  if (options === undefined) return {};
  const { certificate: kind, ...tls } =
    typeof options === 'string' ? { certificate: options } : options;
  if (kind === undefined) return { tls };
  const certify = await loadCertify();
  const pair = await certify(kinds[kind]);
  return { tls: { ...tls, ...pair }, certificate: pair.cert };
}
