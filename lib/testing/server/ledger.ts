import {
  asyncScheduler,
  concat,
  filter,
  firstValueFrom,
  map,
  type Observable,
  skip,
  Subject,
} from 'rxjs';
import { callback, nearestName, text, wholeNumber } from '../check.js';
import { withGetters } from '../with-getters.js';
import {
  type BilledStream,
  createTally,
  entryTypes,
  type LedgerCounts,
  type LedgerEntry,
  type LedgerEntryOf,
  type LedgerFact,
  type LiveOperation,
  type LiveSocket,
  type Tally,
} from './ledger-entry.js';
import type { WireMessage } from './wire-message.js';

/** Waits for entries of the ledger. */
export interface LedgerAwaits {
  /**
   * Resolves with the nth entry of a type that matches, past or to come.
   * @param match - default every entry of the type
   * @param count - a whole number ≥ 1; default 1
   * @throws TypeError for a wrong argument
   */
  until<T extends LedgerEntry['type']>(
    type: T,
    match?: (entry: LedgerEntryOf<T>) => boolean,
    count?: number,
  ): Promise<LedgerEntryOf<T>>;
  /** Resolves with the nth message of a type that the server received, past or to come. @throws TypeError for a wrong argument */
  received(type: string, count?: number): Promise<WireMessage>;
}

/** A record of everything that a test server received and did. Reading an array copies its present state. */
export interface Ledger extends LedgerAwaits {
  /** All entries, in order. */
  readonly entries: readonly LedgerEntry[];
  /** All entries so far, then those to come; never completes. */
  readonly entries$: Observable<LedgerEntry>;
  readonly upgrades: readonly LedgerEntryOf<'upgrade'>[];
  /** The POSTs answered, in order. A POST whose client left before the answer is not among them. */
  readonly requests: readonly LedgerEntryOf<'request'>[];
  readonly opened: readonly LedgerEntryOf<'opened'>[];
  /** The sockets closed, in the order of their closing. */
  readonly closed: readonly LedgerEntryOf<'closed'>[];
  readonly frames: readonly LedgerEntryOf<'received'>[];
  readonly messages: readonly WireMessage[];
  /** The frames sent, in order. A frame that a stalled or silent socket dropped is not among them. */
  readonly sent: readonly LedgerEntryOf<'sent'>[];
  /** The number of entries of each type. */
  readonly counts: LedgerCounts;
  /** The operations that the server works for now, in the order of their start. */
  readonly operations: readonly LiveOperation[];
  /** The sockets that the server believes to be open, in the order of their opening. */
  readonly sockets: readonly LiveSocket[];
  /** The streams that the server works for now, in the order of their start, whether or not the client has stopped them or is gone. */
  readonly billed: readonly BilledStream[];
  /** ms billed until now for all streams, ended ones too. */
  readonly billedTime: number;
}

/** Options of the ledger. */
export interface LedgerOptions {
  /**
   * Whether the ledger keeps past entries. With `false` the lists of entries stay empty, and `entries$`, `until`, `received` and, without a
   * `script`, the streams of the peers see only what is to come.
   * @defaultValue true
   */
  readonly history?: boolean | undefined;
}

/** A ledger, and the function that writes to it. */
export interface LedgerWriter {
  readonly ledger: Ledger;
  readonly write: (fact: LedgerFact) => void;
}

export function createLedger({ history = true }: LedgerOptions = {}): LedgerWriter {
  const past: LedgerEntry[] = [];
  const next$ = new Subject<LedgerEntry>();
  const tally = createTally();
  return {
    ledger: readLedger(past, next$, tally),
    write: (fact) => {
      const entry = tally.enter(fact, asyncScheduler.now());
      if (history) past.push(entry);
      next$.next(entry);
    },
  };
}

function readLedger(
  past: readonly LedgerEntry[],
  next$: Observable<LedgerEntry>,
  { billed, billedTime, ...present }: Tally,
): Ledger {
  // Read in place, because a copy for late subscribers would double the memory.
  const entries$ = concat(past, next$);
  const all =
    <T extends LedgerEntry['type']>(type: T) =>
    () =>
      past.filter(isOfType(type));
  const frames = all('received');
  return withGetters(
    { ...awaitEntries(entries$), entries$ },
    {
      entries: () => [...past],
      upgrades: all('upgrade'),
      requests: all('request'),
      opened: all('opened'),
      closed: all('closed'),
      frames,
      messages: () => frames().flatMap(({ message }) => message ?? []),
      sent: all('sent'),
      counts: present.counts,
      operations: present.operations,
      sockets: present.sockets,
      billed: () => billed(asyncScheduler.now()),
      billedTime: () => billedTime(asyncScheduler.now()),
    },
  );
}

function awaitEntries(entries$: Observable<LedgerEntry>): LedgerAwaits {
  return {
    until: async (type, match = () => true, count = 1) => {
      checkType(type);
      callback('match', match);
      checkCount('count', count);
      const found$ = entries$.pipe(filter(isOfType(type)), filter(match));
      return firstValueFrom(found$.pipe(skip(count - 1)));
    },
    received: async (type, count = 1) => {
      text('type', type);
      checkCount('count', count);
      const message$ = entries$.pipe(
        filter(isOfType('received')),
        map(({ message }) => message),
        filter((message) => message !== undefined),
      );
      const found$ = message$.pipe(filter((message) => message.type === type));
      return firstValueFrom(found$.pipe(skip(count - 1)));
    },
  };
}

const checkCount = wholeNumber(1);

function isOfType<T extends LedgerEntry['type']>(type: T) {
  return (entry: LedgerEntry): entry is LedgerEntryOf<T> => entry.type === type;
}

function checkType(type: string): void {
  text('type', type);
  if (entryTypes.includes(type)) return;
  const nearest = nearestName(type, entryTypes);
  const hint =
    nearest === undefined ? `there are ${entryTypes.join(', ')}` : `did you mean '${nearest}'?`;
  throw new TypeError(`unknown ledger entry '${type}': ${hint}`);
}
