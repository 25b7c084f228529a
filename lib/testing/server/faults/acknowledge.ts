import type { WireMessage } from '../wire-message.js';
import type { HandshakeFault } from './handshake-fault.js';
import type { Wording } from './wording.js';

/**
 * The messages that answer a `connection_init` with an ack.
 *
 * @param payload - of the ack
 * @param wording - the protocol's
 * @param fault - what goes wrong
 */
export function acknowledge(
  payload: unknown,
  { result, heartbeat }: Wording,
  fault: HandshakeFault | undefined,
): readonly WireMessage[] {
  const ack = { type: 'connection_ack', payload };
  switch (fault) {
    case 'ack-twice':
      return [ack, ack];
    case 'ack-before-init':
      return [];
    case 'result-before-ack':
      return [{ id: '1', type: result, payload: { data: 'too early' } }, ack];
    case 'heartbeat-before-ack':
      return [heartbeat('ping', undefined), ack];
    default:
      return [ack];
  }
}
