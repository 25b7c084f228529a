// Trades as they happen, for ten seconds: Bitquery's JavaScript sample.
//
//   BITQUERY_TOKEN=… npx tsx docs/examples/bitquery-trades.ts [url] [seconds]
import { graphqlSocket } from 'rx-graphql-ws';
import { takeUntil, timer } from 'rxjs';

const [address = 'wss://streaming.bitquery.io/graphql', seconds = '10'] = process.argv.slice(2);

const url = new URL(address);
url.searchParams.set('token', process.env.BITQUERY_TOKEN ?? '');

const socket = graphqlSocket({ url, subprotocols: ['graphql-ws'], keepAliveTimeout: 10_000 });

socket.status$.subscribe(({ state }) => {
  console.log(state);
});

socket
  .subscribe$(
    `subscription {
      Solana {
        DEXTrades {
          Block { Slot Time }
          Trade {
            Dex { ProtocolName }
            Buy { Amount Price PriceInUSD Currency { Symbol } }
            Sell { Amount Currency { Symbol } }
          }
        }
      }
    }`,
  )
  .pipe(takeUntil(timer(Number(seconds) * 1_000)))
  .subscribe({
    next: (data) => {
      console.log(JSON.stringify(data));
    },
    error: (error: unknown) => {
      console.error(String(error));
      process.exitCode = 1;
    },
    complete: () => {
      console.log('stopped');
    },
  });
