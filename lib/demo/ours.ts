import { graphqlSocket } from 'rx-graphql-ws';
import { backfillByBlock, bitquery } from 'rx-graphql-ws/bitquery';
import { isGap, recover } from 'rx-graphql-ws/recovery';
import { map, noop, Subscription } from 'rxjs';
import type { Client, ClientOptions, Trade, Trades } from './client.js';
import { badOperation, liveTrades } from './client.js';

/** The same by rx-graphql-ws: a trade that is missed is asked for, and a stream ends with its connection. */
export function reliableClient(options: ClientOptions): Client {
  const follow = createFollow(options);
  let following = follow();
  let bad = Subscription.EMPTY;
  const leave = () => following.trades.unsubscribe();
  return {
    change: () => {
      leave();
      following = follow();
    },
    add: () => (bad = following.socket.subscribe$(badOperation).subscribe({ error: noop })),
    remove: () => bad.unsubscribe(),
    ...{ leave, close: leave },
  };
}

/** Each call follows the trades on a new socket, from the last trade on. */
function createFollow({ url, token, pace, ...on }: ClientOptions) {
  const rows = ({ trades }: Trades) => trades;
  const block = (trade: Trade) => trade.block;
  const history = backfillByBlock<Trades, Trade>({
    ...{ url, token, rows, block, query: '{ trades { block time pair price } }' },
    variables: ({ fromBlock, toBlock }) => ({ from: fromBlock, to: toBlock }),
  });
  let last: Trade | undefined;
  return () => {
    const socket = graphqlSocket(bitquery({ url, token, keepAliveTimeout: 2_500 * pace }));
    void socket.status$.forEach((status) => {
      const text = 'error' in status ? status.error.message : status.state;
      on.state(status.state === 'connected', text);
    });
    const live$ = recover<Trades, object, Trade>(socket, liveTrades, {
      ...{ rows, key: block, handled: () => (last ? [last] : []) },
      backfill: (missing) => {
        on.gap(missing.until, false);
        return history(missing)?.pipe(map(({ trades }) => ({ trades: trades.map(mark) })));
      },
    });
    const trades = live$.subscribe({
      next: (trade) => {
        if (isGap(trade)) on.gap(trade.until, true);
        else on.trade((last = trade));
      },
      error: (error: Error) => on.state(false, error.message),
    });
    trades.add(() => socket.close());
    return { socket, trades };
  };
}

/** For the display: it came by the backfill. */
const mark = (trade: Trade): Trade => ({ ...trade, recovered: true });
