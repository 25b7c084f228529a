import type { TlsOptions } from 'node:tls';
import { loadCertify, type Certificate } from './certify.js';

/** A certificate made at start, signed by itself: a good one for `localhost` and `127.0.0.1`, or one that a client must refuse. */
export type GeneratedCertificate = 'self-signed' | 'expired' | 'wrong-host';

/** Options of `node:tls`, and a certificate made at start instead of `key` and `cert`. */
export interface TestTlsOptions extends TlsOptions {
  /** @defaultValue none: `key` and `cert` are yours */
  readonly certificate?: GeneratedCertificate | undefined;
}

/** What the listener needs, and what a client does. */
export interface PreparedTls {
  readonly tls?: TlsOptions | undefined;
  /** What a client must trust, in PEM, if it was made here. */
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
 * @throws Error where one is asked for and `selfsigned` is not installed
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
