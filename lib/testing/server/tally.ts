import type {
  BilledStream,
  LedgerEntry,
  LedgerEntryOf,
  LedgerFact,
  LiveOperation,
  LiveSocket,
  SentFact,
} from './ledger-entry.js';
import { parseWireMessage, type WireMessage } from './wire-message.js';

/** The number of entries of each type. */
export type LedgerCounts = Readonly<Record<LedgerEntry['type'], number>>;

const none: LedgerCounts = {
  ...{ upgrade: 0, request: 0, opened: 0, received: 0, sent: 0 },
  ...{ started: 0, capped: 0, ended: 0, closing: 0, closed: 0 },
};

export const entryTypes: readonly string[] = Object.keys(none);

/** Everything that the ledger can tell without past entries. Times are ms, instants are ms since the epoch. */
export type Tally = ReturnType<typeof createTally>;

export function createTally() {
  const counts: Record<LedgerEntry['type'], number> = { ...none };
  const sockets = new Map<number, LiveSocket>();
  const streams = new Map<string, LiveOperation & { readonly startedAt: number }>();
  let settled = 0;
  const keyOf = ({ connection, id }: Pick<LiveOperation, 'connection' | 'id'>) =>
    `${connection} ${id}`;
  const billed = (at: number): readonly BilledStream[] =>
    Array.from(streams.values(), (stream) => ({ ...stream, billedFor: at - stream.startedAt }));
  return {
    enter: (fact: LedgerFact, at: number): LedgerEntry => {
      counts[fact.type] += 1;
      if (fact.type === 'sent') return sentEntry(fact, at);
      if (fact.type === 'started') {
        const { connection, id, request } = fact;
        streams.set(keyOf(fact), { connection, id, request, startedAt: at });
      } else if (fact.type === 'ended') {
        const { startedAt = at } = streams.get(keyOf(fact)) ?? {};
        streams.delete(keyOf(fact));
        settled += at - startedAt;
        return { ...fact, billedFor: at - startedAt, at };
      } else if (fact.type === 'opened') {
        const { connection, subprotocol } = fact;
        sockets.set(connection, { connection, subprotocol, openedAt: at });
      } else if (fact.type === 'closed') sockets.delete(fact.connection);
      return { ...fact, at };
    },
    counts: (): LedgerCounts => ({ ...counts }),
    sockets: (): readonly LiveSocket[] => [...sockets.values()],
    operations: (): readonly LiveOperation[] =>
      Array.from(streams.values(), ({ connection, id, request }) => ({ connection, id, request })),
    billed,
    /** The time billed for all streams, ended ones too. */
    billedTime: (at: number) => billed(at).reduce((sum, { billedFor }) => sum + billedFor, settled),
  };
}

/** Parses the message of a sent frame when it is first read, because most are never read. */
function sentEntry({ connection, data }: SentFact, at: number): LedgerEntryOf<'sent'> {
  const binary = typeof data !== 'string';
  const frame = binary ? Buffer.from(data).toString('base64') : data;
  let parsed: { readonly message: WireMessage | undefined } | undefined;
  return {
    ...{ type: 'sent', connection, frame, binary, at },
    get message() {
      const text = binary ? Buffer.from(frame, 'base64').toString() : frame;
      parsed ??= { message: parseWireMessage(text) };
      return parsed.message;
    },
  };
}
