// The two feeds of this example, on this machine: `npm run feed`. The tests of the example start them, too.
import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
import { interval, map } from 'rxjs';

const start = Date.now();
/** Numbers that go on whether or not somebody listens. */
const count = (ms) => interval(ms).pipe(map(() => Math.round((Date.now() - start) / ms)));

/** By the name in the document. Orders are those of the user whose token it is. */
const streams = {
  Trades: () =>
    count(200).pipe(map((number) => ({ trade: { number, price: 100 + (number % 10) } }))),
  Volume: () => count(300).pipe(map((volume) => ({ volume }))),
  Orders: (user) => count(500).pipe(map((number) => ({ order: { number, user } }))),
};

export function startTrades(port) {
  return graphqlTestServer({
    port,
    keepAlive: 1_000,
    tokens: { in: 'params' },
    handle: ({ query }, { connectionParams: { token } }) => {
      const [, name] = /subscription (\w+)/.exec(query);
      const [user] = token.split(':');
      return streams[name](user).pipe(map((data) => ({ data })));
    },
  });
}

export function startPrices(port) {
  return graphqlTestServer({
    port,
    keepAlive: 1_000,
    handle: ({ variables: { symbol } }) =>
      count(200).pipe(map((tick) => ({ data: { price: { symbol, value: 100 + (tick % 10) } } }))),
  });
}

if (import.meta.main) {
  for (const { url } of await Promise.all([startTrades(4301), startPrices(4302)])) console.log(url);
}
