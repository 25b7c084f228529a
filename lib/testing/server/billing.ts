import type { BilledStream, LiveOperation } from './ledger-entry.js';

type Key = Pick<LiveOperation, 'connection' | 'id'>;

/** What a server that bills by the stream would write on the bill. Instants are ms since the epoch. */
export interface Billing {
  start(operation: LiveOperation, at: number): void;
  /** Returns the ms billed for the operation, 0 for one that was never started. */
  end(operation: Key, at: number): number;
  /** Those that have not ended, in the order of their start. */
  operations(): readonly LiveOperation[];
  /** The same, with their bills. */
  streams(at: number): readonly BilledStream[];
  /** ms billed for all streams, those that have ended too. */
  time(at: number): number;
}

/** An empty bill. */
export function createBilling(): Billing {
  const live = new Map<string, LiveOperation & { readonly startedAt: number }>();
  let settled = 0;
  const streams = (at: number) =>
    [...live.values()].map((stream) => ({ ...stream, billedFor: at - stream.startedAt }));
  return {
    start: ({ connection, id, request }, startedAt) => {
      live.set(keyOf({ connection, id }), { connection, id, request, startedAt });
    },
    end: (operation, at) => {
      const key = keyOf(operation);
      const { startedAt = at } = live.get(key) ?? {};
      live.delete(key);
      settled += at - startedAt;
      return at - startedAt;
    },
    operations: () =>
      [...live.values()].map(({ connection, id, request }) => ({ connection, id, request })),
    streams,
    time: (at) => streams(at).reduce((sum, { billedFor }) => sum + billedFor, settled),
  };
}

function keyOf({ connection, id }: Key): string {
  return `${connection} ${id}`;
}
