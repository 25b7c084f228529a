import { graphqlSocket } from 'rx-graphql-ws';
import { backfillByBlock, bitquery } from 'rx-graphql-ws/bitquery';
import { isGap, recover } from 'rx-graphql-ws/recovery';
import { map, noop, Subscription } from 'rxjs';
import type { Client, ClientOptions, Trade, Trades } from './client.js';
import { badOperation, liveTrades } from './client.js';

/** The same by rx-graphql-ws: a trade that is missed is asked for, and a stream ends with its connection. */
export function reliableClient({ url, token, pace, ...on }: ClientOptions): Client {
  const rows = ({ trades }: Trades) => trades;
  const block = (trade: Trade) => trade.block;
  const history = backfillByBlock<Trades, Trade>({
    ...{ url, token, rows, block, query: '{ trades { block time pair price } }' },
    variables: ({ fromBlock, toBlock }) => ({ from: fromBlock, to: toBlock }),
  });
  let last: Trade | undefined;

  const follow = () => {
    const socket = graphqlSocket(bitquery({ url, token, keepAliveTimeout: 2_500 * pace }));
    void socket.status$.forEach((status) => {
      const text = 'error' in status ? status.error.message : status.state;
      on.state(status.state === 'connected', text);
    });
    const live$ = recover<Trades, object, Trade>(socket, liveTrades, {
      ...{ rows, key: block, handled: () => (last ? [last] : []) },
      backfill: (missing) => {
        on.gap(missing.until, false);
        return history(missing)?.pipe(map(marked));
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

  let following = follow();
  let bad = Subscription.EMPTY;
  return {
    change: () => {
      following.trades.unsubscribe();
      following = follow();
    },
    add: () => (bad = following.socket.subscribe$(badOperation).subscribe({ error: noop })),
    remove: () => bad.unsubscribe(),
    leave: () => following.trades.unsubscribe(),
    close: () => following.trades.unsubscribe(),
  };
}

/** For the display: these came by the backfill. */
const marked = ({ trades }: Trades): Trades => ({
  trades: trades.map((trade) => ({ ...trade, recovered: true })),
});
