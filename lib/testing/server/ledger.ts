import {
  asyncScheduler,
  concat,
  filter,
  firstValueFrom,
  type Observable,
  skip,
  Subject,
} from 'rxjs';
import { callback, nearestName, text, wholeNumber } from '../check.js';
import { withGetters } from '../with-getters.js';
import type {
  BilledStream,
  Ledger,
  LedgerAwaits,
  LedgerCounts,
  LedgerEntry,
  LedgerEntryOf,
  LiveOperation,
  LiveSocket,
} from './api/ledger.js';
import type { WireMessage } from './api/peer.js';
import type { LedgerOptions } from './api/options.js';
import { parseWireMessage } from './dialects.js';

type EntryType = LedgerEntry['type'];

/** An event as the server writes it. The ledger adds the rest of the entry. */
export type LedgerFact = {
  [T in EntryType]: Omit<LedgerEntryOf<T>, 'at' | 'billedFor' | 'message'>;
}[EntryType];

export function createLedger({ history = true }: LedgerOptions) {
  const past: LedgerEntry[] = [];
  const next$ = new Subject<LedgerEntry>();
  // Read in place, because a copy for late subscribers would double the memory.
  const entries$ = concat(past, next$);
  const { enter, ...present } = createTally();
  const all =
    <T extends EntryType>(type: T) =>
    () =>
      past.filter(isOfType(type));
  const frames = all('received');
  const ledger: Ledger = withGetters(
    { ...awaitEntries(entries$), entries$ },
    {
      ...present,
      entries: () => [...past],
      upgrades: all('upgrade'),
      requests: all('request'),
      opened: all('opened'),
      closed: all('closed'),
      frames,
      messages: () => frames().flatMap(({ message }) => message ?? []),
      sent: all('sent'),
    },
  );
  const write = (fact: LedgerFact) => {
    const entry = enter(fact, asyncScheduler.now());
    if (history) past.push(entry);
    next$.next(entry);
  };
  return { ledger, write };
}

function awaitEntries(entries$: Observable<LedgerEntry>): LedgerAwaits {
  const until: LedgerAwaits['until'] = async (type, match = () => true, count = 1) => {
    checkType(type);
    callback('match', match);
    checkCount('count', count);
    const found$ = entries$.pipe(filter(isOfType(type)), filter(match));
    return firstValueFrom(found$.pipe(skip(count - 1)));
  };
  return {
    until,
    received: async (type, count) => {
      text('type', type);
      const { message } = await until('received', (entry) => entry.message?.type === type, count);
      return message as WireMessage;
    },
  };
}

const checkCount = wholeNumber(1);

function isOfType<T extends EntryType>(type: T) {
  return (entry: LedgerEntry): entry is LedgerEntryOf<T> => entry.type === type;
}

const none: LedgerCounts = {
  ...{ upgrade: 0, request: 0, opened: 0, received: 0, sent: 0 },
  ...{ started: 0, capped: 0, ended: 0, closing: 0, closed: 0 },
};

function checkType(type: string): void {
  text('type', type);
  if (Object.hasOwn(none, type)) return;
  const types = Object.keys(none);
  const nearest = nearestName(type, types);
  const hint =
    nearest === undefined ? `there are ${types.join(', ')}` : `did you mean '${nearest}'?`;
  throw new TypeError(`unknown ledger entry '${type}': ${hint}`);
}

/** Keeps what the ledger can tell without past entries. */
function createTally() {
  const counts: Record<EntryType, number> = { ...none };
  const sockets = new Map<number, LiveSocket>();
  const streams = new Map<string, LiveOperation & { readonly startedAt: number }>();
  let settled = 0;
  const billedUntil = (at: number): readonly BilledStream[] =>
    Array.from(streams.values(), (stream) => ({ ...stream, billedFor: at - stream.startedAt }));
  const keyOf = ({ connection, id }: LedgerEntryOf<'ended'> | LiveOperation) =>
    `${connection} ${id}`;
  return {
    enter: (fact: LedgerFact, at: number): LedgerEntry => {
      const entry = toEntry(fact, at);
      counts[entry.type] += 1;
      if (entry.type === 'opened') {
        const { connection, subprotocol } = entry;
        sockets.set(connection, { connection, subprotocol, openedAt: at });
      } else if (entry.type === 'closed') sockets.delete(entry.connection);
      else if (entry.type === 'started') {
        const { connection, id, request } = entry;
        streams.set(keyOf(entry), { connection, id, request, startedAt: at });
      } else if (entry.type === 'ended') {
        const { startedAt = at } = streams.get(keyOf(entry)) ?? {};
        streams.delete(keyOf(entry));
        settled += at - startedAt;
        return { ...entry, billedFor: at - startedAt };
      }
      return entry;
    },
    counts: (): LedgerCounts => ({ ...counts }),
    sockets: () => [...sockets.values()],
    operations: () => Array.from(streams.values(), ({ startedAt, ...operation }) => operation),
    billed: () => billedUntil(asyncScheduler.now()),
    billedTime: () =>
      billedUntil(asyncScheduler.now()).reduce((sum, { billedFor }) => sum + billedFor, settled),
  };
}

/** Adds the rest of an entry. It parses the message of a frame when that is first read, because most are never read. */
function toEntry(fact: LedgerFact, at: number): LedgerEntry {
  if (!('frame' in fact))
    return fact.type === 'ended' ? { ...fact, billedFor: 0, at } : { ...fact, at };
  let parsed: { readonly message: WireMessage | undefined } | undefined;
  return {
    ...fact,
    at,
    get message() {
      const isBase64 = 'binary' in fact && fact.binary;
      const json = isBase64 ? Buffer.from(fact.frame, 'base64').toString() : fact.frame;
      parsed ??= { message: parseWireMessage(json) };
      return parsed.message;
    },
  };
}
