// A cursor in Redis, stored when an event has been handled elsewhere. `handled` is asked at once, so the cursor is loaded before.
import type { GraphQLSocket } from 'rx-graphql-ws';
import { isGap, recover } from 'rx-graphql-ws/recovery';
import { concatMap, defer, map, switchMap } from 'rxjs';

/** The methods that node-redis and ioredis have in common. */
export interface Redis {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<unknown>;
}
export interface Happening {
  id: string;
  at: number;
}

export const follow = (
  socket: GraphQLSocket,
  redis: Redis,
  handle: (event: Happening) => Promise<void>,
) =>
  defer(() => redis.get('happenings:last')).pipe(
    map((stored) => JSON.parse(stored ?? '[]') as Happening[]),
    switchMap((stored) =>
      recover<{ happening: Happening }, { since?: number }, Happening>(
        socket,
        { query: 'subscription ($since: Float) { happening(since: $since) { id at } }' },
        {
          rows: (data) => [data.happening],
          resume: (last) => ({ since: last.at }),
          key: (event) => event.id,
          handled: () => stored,
        },
      ).pipe(
        concatMap(async (event) => {
          if (isGap(event)) return;
          await handle(event);
          // all of one moment, because the server repeats them
          if (stored[0]?.at !== event.at) stored = [];
          stored.push(event);
          await redis.set('happenings:last', JSON.stringify(stored));
        }),
      ),
    ),
  );
