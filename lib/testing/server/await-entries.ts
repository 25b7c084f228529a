import { defer, filter, firstValueFrom, map, skip, type Observable } from 'rxjs';
import { callback as checkMatch, text as checkText, wholeNumber } from './check.js';
import { expectName } from './faults/expect-name.js';
import type { LedgerEntry, LedgerEntryOf } from './ledger-entry.js';
import { entryTypes } from './tally.js';
import type { WireMessage } from './wire-message.js';

const checkCount = wholeNumber(1);

/** Waits for what happens. */
export interface LedgerAwaits {
  /**
   * Resolves with the nth entry of a type (that matches), past or to come.
   *
   * @throws TypeError when there is no such type, `match` is no function or `count` no whole number from 1 on
   */
  until<T extends LedgerEntry['type']>(
    type: T,
    match?: (entry: LedgerEntryOf<T>) => boolean,
    count?: number,
  ): Promise<LedgerEntryOf<T>>;
  /**
   * Resolves with the nth message of a type that was received, past or to come.
   *
   * @throws TypeError when `type` is no text or `count` no whole number from 1 on
   */
  received(type: string, count?: number): Promise<WireMessage>;
}

/** Waits for entries of a ledger. */
export function awaitEntries(entries$: Observable<LedgerEntry>): LedgerAwaits {
  return {
    until: (type, match = () => true, count = 1) =>
      firstValueFrom(
        defer(() => {
          checkText('type', type);
          expectName('ledger entry', type, entryTypes);
          checkMatch('match', match);
          checkCount('count', count);
          return entries$.pipe(filter(isOfType(type)), filter(match), skip(count - 1));
        }),
      ),
    received: (type, count = 1) =>
      firstValueFrom(
        defer(() => {
          checkText('type', type);
          checkCount('count', count);
          return entries$.pipe(
            filter(isOfType('received')),
            map(({ message }) => message),
            filter((message) => message?.type === type),
            filter((message) => message !== undefined),
            skip(count - 1),
          );
        }),
      ),
  };
}

/** A filter for the entries of a type. */
export function isOfType<T extends LedgerEntry['type']>(type: T) {
  return (entry: LedgerEntry): entry is LedgerEntryOf<T> => entry.type === type;
}
