import { asyncScheduler, concat, Subject, type Observable } from 'rxjs';
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

/** What a test server saw and did. An array is a picture of the moment at which it is read. */
export interface Ledger extends LedgerAwaits {
  /** Everything, in order. */
  readonly entries: readonly LedgerEntry[];
  /** Everything so far, then everything to come; never completes. */
  readonly entries$: Observable<LedgerEntry>;
  /** The HTTP requests to be upgraded, granted or not. */
  readonly upgrades: readonly LedgerEntryOf<'upgrade'>[];
  /** The POSTs answered, in order; what a client did not wait for is not among them. */
  readonly requests: readonly LedgerEntryOf<'request'>[];
  /** The sockets opened, in order. */
  readonly opened: readonly LedgerEntryOf<'opened'>[];
  /** The sockets closed, in the order of their closing. */
  readonly closed: readonly LedgerEntryOf<'closed'>[];
  /** The frames received, in order. */
  readonly frames: readonly LedgerEntryOf<'received'>[];
  /** The messages received, in order. */
  readonly messages: readonly WireMessage[];
  /** The frames sent, in order; what was kept back on a stalled socket is not among them. */
  readonly sent: readonly LedgerEntryOf<'sent'>[];
  /** How often each thing has happened. */
  readonly counts: LedgerCounts;
  /** The operations that the server works for now, in the order of their start. */
  readonly operations: readonly LiveOperation[];
  /** The sockets that are open as far as the server knows, in the order of their opening. */
  readonly sockets: readonly LiveSocket[];
  /**
   * The streams billed now, in the order of their start: all that the server works for, also those whose client said stop
   * (`ignoreStop`), and those on a socket whose client has vanished unnoticed.
   */
  readonly billed: readonly BilledStream[];
  /** ms billed up to now for all streams, those that have ended too. */
  readonly billedTime: number;
}

/** How much a ledger keeps. */
export interface LedgerOptions {
  /**
   * Whether what is past is kept. Without it a server under load does not fill the memory: `entries` and the lists taken from it stay
   * empty, and `entries$`, `until` and `received` tell what is to come alone; so do the peers, unless there is a `script`. The sums,
   * and all that is live, stay right.
   *
   * @defaultValue true
   */
  readonly history?: boolean | undefined;
}

/** A ledger and the pen to write it. */
export interface LedgerWriter {
  readonly ledger: Ledger;
  readonly write: (fact: LedgerFact) => void;
}

/** An empty ledger. */
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
  { counts, sockets, billing }: Tally,
): Ledger {
  // The past is read in place: a copy for late subscribers would double the memory.
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
      return billing.operations();
    },
    get sockets() {
      return sockets();
    },
    get billed() {
      return billing.streams(asyncScheduler.now());
    },
    get billedTime() {
      return billing.time(asyncScheduler.now());
    },
  };
}
