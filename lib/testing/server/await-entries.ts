import { filter, firstValueFrom, map, skip, type Observable } from 'rxjs';
import type { LedgerEntry, LedgerEntryOf } from './ledger-entry.js';
import type { WireMessage } from './wire-message.js';

/** Waits for what happens. */
export interface LedgerAwaits {
  /** Resolves with the nth entry of a type (that matches), past or to come. */
  until<T extends LedgerEntry['type']>(
    type: T,
    match?: (entry: LedgerEntryOf<T>) => boolean,
    count?: number,
  ): Promise<LedgerEntryOf<T>>;
  /** Resolves with the nth message of a type that was received, past or to come. */
  received(type: string, count?: number): Promise<WireMessage>;
}

/** Waits for entries of a ledger. */
export function awaitEntries(entries$: Observable<LedgerEntry>): LedgerAwaits {
  return {
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

/** A filter for the entries of a type. */
export function isOfType<T extends LedgerEntry['type']>(type: T) {
  return (entry: LedgerEntry): entry is LedgerEntryOf<T> => entry.type === type;
}
