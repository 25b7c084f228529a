import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { ConnectionOptions } from './connection-options.js';
import { codeOf, readNamed } from './key-value.js';
import { UsageError } from './usage-error.js';

const certificate = {
  read: (pem: string) => new X509Certificate(pem),
  form: 'PEM with -----BEGIN CERTIFICATE-----',
};
const forms = {
  ca: certificate,
  cert: certificate,
  key: { read: createPrivateKey, form: 'PEM with -----BEGIN PRIVATE KEY-----, not encrypted' },
};

type TlsOptions = Partial<Record<keyof typeof forms, string>>;

/**
 * Reads the files of certificates, and that of the key.
 *
 * @throws UsageError - one is missing, cannot be read or has another form, or the key is not that of the certificate
 */
export function tlsOptions({ ca, cert, key }: ConnectionOptions): TlsOptions {
  if ((cert === undefined) !== (key === undefined))
    throw new UsageError('--cert and --key need each other');
  const found = { ...readPem('ca', ca), ...readPem('cert', cert), ...readPem('key', key) };
  if (found.cert === undefined || found.key === undefined) return found;
  if (new X509Certificate(found.cert).checkPrivateKey(createPrivateKey(found.key))) return found;
  throw new UsageError(`--key: ${key} is not the key of the certificate of --cert`);
}

function readPem(name: keyof typeof forms, file: string | undefined): TlsOptions {
  if (file === undefined) return {};
  const text = readNamed(`--${name}`, file);
  const { read, form } = forms[name];
  try {
    read(text);
  } catch (error) {
    throw new UsageError(`--${name}: ${file} is not ${form} (${codeOf(error)})`);
  }
  return { [name]: text };
}
