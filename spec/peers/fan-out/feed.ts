import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
import { filter, interval, map } from 'rxjs';

const perSecond = 2_000;

/** A server that makes 2 000 events a second, `last` in all, and repeats those behind a cursor. */
export async function serveFeed(last: number) {
  const began = Date.now();
  const newest = () => Math.min(last, Math.floor(((Date.now() - began) * perSecond) / 1_000));
  const server = await graphqlTestServer({
    handle: ({ variables }) => {
      let sent = Number(variables.after ?? 0);
      return interval(10).pipe(
        map(() => {
          const until = Math.min(newest(), sent + 500);
          const events = Array.from({ length: Math.max(until - sent, 0) }, (_, n) => ({
            id: sent + n + 1,
          }));
          sent = Math.max(until, sent);
          return { data: { events } };
        }),
        filter(({ data }) => data.events.length > 0),
      );
    },
  });
  return { url: server.url, newest, stop: () => server.stop() };
}
