import { defer, filter, firstValueFrom, map, type Observable, skip } from 'rxjs';
import { callback as checkMatch, nearestName, text as checkText, wholeNumber } from '../check.js';
import type { LedgerEntry, LedgerEntryOf } from './ledger-entry.js';
import { entryTypes } from './tally.js';
import type { WireMessage } from './wire-message.js';

const checkCount = wholeNumber(1);

/** Waits for entries of the ledger. */
export interface LedgerAwaits {
  /**
   * Resolves with the nth entry of a type that matches, past or to come.
   * @param match - default every entry of the type
   * @param count - default 1
   * @throws TypeError when there is no such type, `match` is no function or `count` no whole number ≥ 1
   */
  until<T extends LedgerEntry['type']>(
    type: T,
    match?: (entry: LedgerEntryOf<T>) => boolean,
    count?: number,
  ): Promise<LedgerEntryOf<T>>;
  /**
   * Resolves with the nth message of a type that the server received, past or to come.
   * @param count - default 1
   * @throws TypeError when `type` is no text or `count` no whole number ≥ 1
   */
  received(type: string, count?: number): Promise<WireMessage>;
}

export function awaitEntries(entries$: Observable<LedgerEntry>): LedgerAwaits {
  return {
    until: (type, match = () => true, count = 1) =>
      firstValueFrom(
        defer(() => {
          checkText('type', type);
          checkType(type);
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
            filter((message) => message !== undefined),
            filter((message) => message.type === type),
            skip(count - 1),
          );
        }),
      ),
  };
}

export function isOfType<T extends LedgerEntry['type']>(type: T) {
  return (entry: LedgerEntry): entry is LedgerEntryOf<T> => entry.type === type;
}

function checkType(type: string): void {
  if (entryTypes.includes(type)) return;
  const nearest = nearestName(type, entryTypes);
  const hint =
    nearest === undefined ? `there are ${entryTypes.join(', ')}` : `did you mean '${nearest}'?`;
  throw new TypeError(`unknown ledger entry '${type}': ${hint}`);
}
