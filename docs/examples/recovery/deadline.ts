// A deadline for each operation: a subscription that says nothing for `each` ms is sent again, though the connection is alive.
import type { GraphQLSocket } from 'rx-graphql-ws';
import { recover } from 'rx-graphql-ws/recovery';
import { retry, timeout } from 'rxjs';

export interface Tick {
  n: number;
}

export const ticks = (socket: GraphQLSocket, each: number) =>
  recover<{ tick: Tick }, { after?: number }, Tick>(
    {
      subscribe$: (request, options) =>
        socket.subscribe$(request, options).pipe(timeout({ each }), retry({ delay: 1_000 })),
    },
    { query: 'subscription ($after: Int) { tick(after: $after) { n } }' },
    { rows: (data) => [data.tick], resume: (last) => ({ after: last.n }) },
  );
