import { createBilling, type Billing } from './billing.js';
import type { LedgerEntry, LedgerFact, LiveSocket } from './ledger-entry.js';
import { sentEntry } from './sent-entry.js';

/** How often each thing has happened. */
export type LedgerCounts = Readonly<Record<LedgerEntry['type'], number>>;

const none: LedgerCounts = {
  upgrade: 0,
  request: 0,
  opened: 0,
  received: 0,
  sent: 0,
  started: 0,
  capped: 0,
  ended: 0,
  closing: 0,
  closed: 0,
};

/** The types of entries. */
export const entryTypes: readonly string[] = Object.keys(none);

/** What can be told without the past: sums, and all that is live. */
export interface Tally {
  /** Makes an entry of a fact, `at` ms since the epoch. */
  enter(fact: LedgerFact, at: number): LedgerEntry;
  counts(): LedgerCounts;
  sockets(): readonly LiveSocket[];
  readonly billing: Pick<Billing, 'operations' | 'streams' | 'time'>;
}

/** Nothing has happened. */
export function createTally(): Tally {
  const counts: Record<LedgerEntry['type'], number> = { ...none };
  const sockets = new Map<number, LiveSocket>();
  const billing = createBilling();
  return {
    enter: (fact, at) => {
      counts[fact.type] += 1;
      if (fact.type === 'sent') return sentEntry(fact, at);
      if (fact.type === 'ended') return { ...fact, billedFor: billing.end(fact, at), at };
      if (fact.type === 'started') billing.start(fact, at);
      if (fact.type === 'opened') {
        const { connection, subprotocol } = fact;
        sockets.set(connection, { connection, subprotocol, openedAt: at });
      }
      if (fact.type === 'closed') sockets.delete(fact.connection);
      return { ...fact, at };
    },
    counts: () => ({ ...counts }),
    sockets: () => [...sockets.values()],
    billing,
  };
}
