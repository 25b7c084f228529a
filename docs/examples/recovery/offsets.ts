// Offsets as Kafka has them: each partition counts for itself, so the cursor is the next offset of every partition.
import type { GraphQLSocket } from 'rx-graphql-ws';
import { isGap, recover } from 'rx-graphql-ws/recovery';
import { defer, tap } from 'rxjs';

export interface Entry {
  partition: number;
  offset: number;
  value: string;
}
interface Position {
  partition: number;
  offset: number;
}

export const entries = (socket: GraphQLSocket) =>
  defer(() => {
    const next = new Map<number, number>();
    return recover<{ entries: Entry[] }, { from?: Position[] }, Entry>(
      socket,
      {
        query:
          'subscription ($from: [Position!]) { entries(from: $from) { partition offset value } }',
      },
      {
        rows: (data) => data.entries,
        // every row before this send has passed the `tap` below
        resume: () => ({
          from: Array.from(next, ([partition, offset]) => ({ partition, offset })),
        }),
        key: ({ partition, offset }) => `${partition}:${offset}`,
      },
    ).pipe(tap((entry) => isGap(entry) || next.set(entry.partition, entry.offset + 1)));
  });
