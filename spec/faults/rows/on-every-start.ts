import { skip } from 'rxjs';
import type { LiveOperation } from 'rx-graphql-ws/testing/server';
import type { Stage } from '../stage.js';

/** Acts whenever an operation starts at the server, from now on. Returns what ends it. */
export function onEveryStart(
  { server: { ledger } }: Stage,
  act: (operation: LiveOperation) => void,
): () => void {
  const acting = ledger.entries$.pipe(skip(ledger.entries.length)).subscribe((entry) => {
    if (entry.type === 'started') act(entry);
  });
  return () => acting.unsubscribe();
}
