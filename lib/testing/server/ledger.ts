import { asyncScheduler, concat, type Observable, Subject } from 'rxjs';
import { awaitEntries, isOfType, type LedgerAwaits } from './await-entries.js';
import type {
  BilledStream,
  LedgerEntry,
  LedgerEntryOf,
  LedgerFact,
  LiveOperation,
  LiveSocket,
} from './ledger-entry.js';
import { createTally, type LedgerCounts, type Tally } from './tally.js';
import type { WireMessage } from './wire-message.js';

/** A record of everything that a test server received and did. Reading an array copies its present state. */
export interface Ledger extends LedgerAwaits {
  /** All entries, in order. */
  readonly entries: readonly LedgerEntry[];
  /** All entries so far, then those to come; never completes. */
  readonly entries$: Observable<LedgerEntry>;
  /** The requests to upgrade, granted or not. */
  readonly upgrades: readonly LedgerEntryOf<'upgrade'>[];
  /** The POSTs answered, in order. A POST whose client left before the answer is not among them. */
  readonly requests: readonly LedgerEntryOf<'request'>[];
  /** The sockets opened, in order. */
  readonly opened: readonly LedgerEntryOf<'opened'>[];
  /** The sockets closed, in the order of their closing. */
  readonly closed: readonly LedgerEntryOf<'closed'>[];
  /** The frames received, in order. */
  readonly frames: readonly LedgerEntryOf<'received'>[];
  /** The messages received, in order. */
  readonly messages: readonly WireMessage[];
  /** The frames sent, in order. A frame that a stalled or silent socket dropped is not among them. */
  readonly sent: readonly LedgerEntryOf<'sent'>[];
  /** The number of entries of each type. */
  readonly counts: LedgerCounts;
  /** The operations that the server works for now, in the order of their start. */
  readonly operations: readonly LiveOperation[];
  /** The sockets that the server believes to be open, in the order of their opening. */
  readonly sockets: readonly LiveSocket[];
  /**
   * The streams billed now, in the order of their start: all that the server works for. They include streams that the client has stopped
   * (`ignoreStop`), and streams of a client that is gone without the server's knowledge.
   */
  readonly billed: readonly BilledStream[];
  /** ms billed until now for all streams, ended ones too. */
  readonly billedTime: number;
}

/** Options of the ledger. */
export interface LedgerOptions {
  /**
   * Whether the ledger keeps past entries. `false` keeps the memory of a busy server small: `entries` and its lists stay empty, and
   * `entries$`, `until` and `received` see only entries to come. So do the streams of the peers, unless there is a `script`. `counts`,
   * `operations`, `sockets`, `billed` and `billedTime` stay right.
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
  { counts, sockets, operations, billed, billedTime }: Tally,
): Ledger {
  // Read in place, because a copy for late subscribers would double the memory.
  const entries$ = concat(past, next$);
  const ofType = <T extends LedgerEntry['type']>(type: T) => past.filter(isOfType(type));
  return {
    ...awaitEntries(entries$),
    entries$,
    get entries() {
      return [...past];
    },
    get upgrades() {
      return ofType('upgrade');
    },
    get requests() {
      return ofType('request');
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
    get sent() {
      return ofType('sent');
    },
    get counts() {
      return counts();
    },
    get operations() {
      return operations();
    },
    get sockets() {
      return sockets();
    },
    get billed() {
      return billed(asyncScheduler.now());
    },
    get billedTime() {
      return billedTime(asyncScheduler.now());
    },
  };
}
