import {
  asyncScheduler,
  filter,
  firstValueFrom,
  map,
  ReplaySubject,
  skip,
  type Observable,
} from 'rxjs';
import type { LedgerEntry, LedgerEntryOf, LedgerFact, LiveOperation } from './ledger-entry.js';
import type { WireMessage } from './wire-message.js';

/** What a test server saw. An array is a picture of the moment at which it is read. */
export interface Ledger {
  /** Everything, in order. */
  readonly entries: readonly LedgerEntry[];
  /** Everything so far, then everything to come; never completes. */
  readonly entries$: Observable<LedgerEntry>;
  /** The HTTP requests to be upgraded, granted or not. */
  readonly upgrades: readonly LedgerEntryOf<'upgrade'>[];
  /** The sockets opened, in order. */
  readonly opened: readonly LedgerEntryOf<'opened'>[];
  /** The sockets closed, in the order of their closing. */
  readonly closed: readonly LedgerEntryOf<'closed'>[];
  /** The frames received, in order. */
  readonly frames: readonly LedgerEntryOf<'received'>[];
  /** The messages received, in order. */
  readonly messages: readonly WireMessage[];
  /** The operations that the server works for now, in the order of their start. */
  readonly operations: readonly LiveOperation[];
  /** Resolves with the nth entry of a type (that matches), past or to come. */
  until<T extends LedgerEntry['type']>(
    type: T,
    match?: (entry: LedgerEntryOf<T>) => boolean,
    count?: number,
  ): Promise<LedgerEntryOf<T>>;
  /** Resolves with the nth message of a type that was received, past or to come. */
  received(type: string, count?: number): Promise<WireMessage>;
}

/** A ledger and the pen to write it. */
export interface LedgerWriter {
  readonly ledger: Ledger;
  readonly write: (fact: LedgerFact) => void;
}

/** An empty ledger. */
export function createLedger(): LedgerWriter {
  const entries: LedgerEntry[] = [];
  const live = new Map<string, LiveOperation>();
  const entries$ = new ReplaySubject<LedgerEntry>(Infinity);
  return {
    ledger: readLedger(entries, entries$.asObservable(), live),
    write: (fact) => {
      const entry = { ...fact, at: asyncScheduler.now() };
      if (fact.type === 'started') {
        const { connection, id, request } = fact;
        live.set(operationKey(fact), { connection, id, request });
      }
      if (fact.type === 'ended') live.delete(operationKey(fact));
      entries.push(entry);
      entries$.next(entry);
    },
  };
}

function readLedger(
  entries: readonly LedgerEntry[],
  entries$: Observable<LedgerEntry>,
  live: ReadonlyMap<string, LiveOperation>,
): Ledger {
  const ofType = <T extends LedgerEntry['type']>(type: T) => entries.filter(isOfType(type));
  return {
    entries$,
    get entries() {
      return [...entries];
    },
    get upgrades() {
      return ofType('upgrade');
    },
    get opened() {
      return ofType('opened');
    },
    get closed() {
      return ofType('closed');
    },
    get frames() {
      return ofType('received');
    },
    get messages() {
      return ofType('received').flatMap(({ message }) => message ?? []);
    },
    get operations() {
      return [...live.values()];
    },
    until: (type, match = () => true, count = 1) =>
      firstValueFrom(entries$.pipe(filter(isOfType(type)), filter(match), skip(count - 1))),
    received: (type, count = 1) =>
      firstValueFrom(
        entries$.pipe(
          filter(isOfType('received')),
          map(({ message }) => message),
          filter((message) => message?.type === type),
          filter((message) => message !== undefined),
          skip(count - 1),
        ),
      ),
  };
}

function isOfType<T extends LedgerEntry['type']>(type: T) {
  return (entry: LedgerEntry): entry is LedgerEntryOf<T> => entry.type === type;
}

function operationKey({ connection, id }: { readonly connection: number; readonly id: string }) {
  return `${connection} ${id}`;
}
