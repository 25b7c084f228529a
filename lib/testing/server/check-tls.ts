import { checkAll, must, oneOf, type Check } from './check.js';
import { nearestName } from '../check.js';
import { isObject } from './wire-message.js';

const kinds = ['self-signed', 'expired', 'wrong-host'];
const kind = oneOf(...kinds);

const kindOrOptions = must(
  "'self-signed', 'expired', 'wrong-host' or an object",
  (value) => kinds.includes(value as string) || isObject(value),
  true,
);

const identity = must(
  'an object with `certificate`, with `key` and `cert`, with `pfx` or with `SNICallback`',
  (value) => isObject(value) && hasIdentity(value),
  true,
);

/** Checks the TLS options: those of `node:tls` are its own matter, but without a certificate no client can connect. */
export const checkTls: Check = (option, value) => {
  kindOrOptions(option, value);
  if (!isObject(value)) return;
  if (value.certificate !== undefined) {
    kind(`${option}.certificate`, value.certificate);
    return;
  }
  if (hasIdentity(value)) return;
  const slip = Object.keys(value).find(isSlip);
  if (slip !== undefined) checkAll(option, { [slip]: 0 }, { certificate: kind }, `${option}.`);
  identity(option, value);
};

function hasIdentity({ key, cert, pfx, SNICallback }: Readonly<Record<string, unknown>>): boolean {
  return (key !== undefined && cert !== undefined) || (pfx ?? SNICallback) !== undefined;
}

function isSlip(name: string): boolean {
  return (
    !['cert', 'certificate'].includes(name) && nearestName(name, ['certificate']) !== undefined
  );
}
