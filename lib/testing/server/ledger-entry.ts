import type { PostRequest } from './backfill/answer-post.js';
import type { OperationRequest } from './operation-handler.js';
import type { UpgradeRequest } from './verdict.js';
import { parseWireMessage, type WireMessage } from './wire-message.js';

interface OfConnection {
  /** The number of the upgraded socket, from 1 on. */
  readonly connection: number;
}

/** An operation that has started and not ended. */
export interface LiveOperation extends OfConnection {
  readonly id: string;
  readonly request: OperationRequest;
}

/** A stream that a provider would bill: an operation that the server works for, whether or not a client still listens. */
export interface BilledStream extends LiveOperation {
  /** ms since the epoch. */
  readonly startedAt: number;
  /** ms from the start until now. */
  readonly billedFor: number;
}

/** A socket that the server believes to be open, although its client may be gone. */
export interface LiveSocket extends OfConnection {
  /** The selected subprotocol, an empty string for none. */
  readonly subprotocol: string;
  /** ms since the epoch. */
  readonly openedAt: number;
}

interface OfFrame extends OfConnection {
  /** Text as it is, bytes of a sent frame as base64. */
  readonly frame: string;
  /** `undefined` if the frame is not a JSON object with a string `type`. */
  readonly message: WireMessage | undefined;
}

interface OfClose extends OfConnection {
  /** 1005 for no code. */
  readonly code: number;
  readonly reason: string;
}

interface Entries {
  /** A request to upgrade, granted or not. */
  readonly upgrade: UpgradeRequest;
  /** A POST that was answered. `request` is `undefined` if the body held none. */
  readonly request: PostRequest & { readonly status: number };
  readonly opened: Omit<LiveSocket, 'openedAt'>;
  readonly received: OfFrame;
  /** A frame handed to the socket. The server parses its `message` when you read it. */
  readonly sent: OfFrame & { readonly binary: boolean };
  readonly started: LiveOperation;
  /** An operation over `maxStreams`. It gets nothing and is not billed. */
  readonly capped: LiveOperation;
  /** The end of an operation. `billedFor` is the time since `started`, in ms; 0 for a capped operation. */
  readonly ended: OfConnection & { readonly id: string; readonly billedFor: number };
  /** A close frame handed to the socket. */
  readonly closing: OfClose;
  readonly closed: OfClose;
}

/** One event, `at` ms since the epoch. */
export type LedgerEntry = {
  [T in keyof Entries]: { readonly at: number; readonly type: T } & Entries[T];
}[keyof Entries];

export type LedgerEntryOf<T extends LedgerEntry['type']> = Extract<
  LedgerEntry,
  { readonly type: T }
>;

interface SentFact extends OfConnection {
  readonly type: 'sent';
  readonly data: string | Uint8Array;
}

/** An event as the server writes it. The ledger adds the rest of the entry. */
export type LedgerFact =
  | SentFact
  | {
      [T in Exclude<keyof Entries, 'sent'>]: { readonly type: T } & Omit<Entries[T], 'billedFor'>;
    }[Exclude<keyof Entries, 'sent'>];

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
