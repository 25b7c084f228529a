// A `since` argument: several events may have the same time, so the server repeats those of the last moment, and `key` drops them.
import type { GraphQLSocket } from 'rx-graphql-ws';
import { recover } from 'rx-graphql-ws/recovery';

export interface Happening {
  id: string;
  at: number;
}

export const happenings = (socket: GraphQLSocket) =>
  recover<{ happening: Happening }, { since?: number }, Happening>(
    socket,
    { query: 'subscription ($since: Float) { happening(since: $since) { id at } }' },
    {
      rows: (data) => [data.happening],
      resume: (last) => ({ since: last.at }),
      key: (happening) => happening.id,
    },
  );
