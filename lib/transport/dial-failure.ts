import type { GraphQLSocketError } from '../errors.js';
import { ConnectionError, HandshakeError, printable } from '../errors.js';
import { publicUrl } from './url.js';

/** Node's error codes for certificates and for a TLS that the peer does not speak. */
const tlsCode = /CERT|ISSUER|LEAF_SIGNATURE|HOSTNAME_MISMATCH|ERR_TLS|ERR_SSL|EPROTO/;

/** Statuses that another attempt may change: timeouts, too early, too many, and the server's own faults. */
const passing = (status: number) =>
  [401, 403, 408, 425, 429].includes(status) || status < 300 || status > 499;

/** The error for an attempt that did not come to an open socket. */
export function dialFailure(
  url: string,
  offered: readonly string[],
  status: number | undefined,
  failure: unknown,
): GraphQLSocketError {
  const where = publicUrl(url);
  if (status !== undefined) {
    return new ConnectionError(`could not connect to ${where}: HTTP ${String(status)}`, {
      status,
      misconfigured: !passing(status),
    });
  }
  const cause = failure instanceof Error ? failure : undefined;
  const detail = cause && (cause.message || (cause as NodeJS.ErrnoException).code);
  if (detail?.includes('subprotocol')) {
    const message = `no common subprotocol with ${where}: offered ${offered.join(', ') || 'none'}; ${detail}`;
    return new HandshakeError('subprotocol', message, { cause });
  }
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  const hint = tlsCode.test(code)
    ? ` (TLS ${code}: look at \`ca\`, \`cert\` and \`key\` in \`webSocketOptions\`)`
    : '';
  return new ConnectionError(
    `could not connect to ${where}${detail ? `: ${printable(detail)}` : ''}${hint}`,
    { cause, misconfigured: hint !== '' },
  );
}
