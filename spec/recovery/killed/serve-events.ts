import { mergeMap, timer } from 'rxjs';
import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
import { range } from '../real/feed-server.js';

/** ms between two events: 200 a second. */
const every = 5;

/** Serves events of which two always have the same time: a cursor repeats at least one of them. */
export async function serveEvents() {
  const start = Date.now();
  const latest = () => Math.floor((Date.now() - start) / every);
  const event = (k: number) => ({ id: String(k), at: k - (k % 2) });
  const server = await graphqlTestServer({
    handle({ variables: { since } }) {
      // an even one: the cursor must not reach behind the first row
      let next = since === undefined ? latest() & ~1 : Number(since);
      return timer(0, every).pipe(
        mergeMap(() => {
          const due = range(next, latest());
          next += due.length;
          return due.map((k) => ({ data: { happening: event(k) } }));
        }),
      );
    },
  });
  return { server, latest };
}
