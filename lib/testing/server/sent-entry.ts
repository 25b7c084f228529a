import type { LedgerEntryOf, SentFact } from './ledger-entry.js';
import { parseWireMessage, type WireMessage } from './wire-message.js';

/** The entry of a frame sent. Its message is parsed when somebody asks for it, and once. */
export function sentEntry({ connection, data }: SentFact, at: number): LedgerEntryOf<'sent'> {
  const binary = typeof data !== 'string';
  const frame = binary ? Buffer.from(data).toString('base64') : data;
  let parsed: { readonly message: WireMessage | undefined } | undefined;
  return {
    type: 'sent',
    connection,
    frame,
    binary,
    at,
    get message() {
      parsed ??= { message: parseWireMessage(binary ? fromBase64(frame) : frame) };
      return parsed.message;
    },
  };
}

function fromBase64(frame: string): string {
  return Buffer.from(frame, 'base64').toString();
}
