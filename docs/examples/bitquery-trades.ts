// Trades as they happen, for ten seconds: Bitquery's JavaScript sample.
//
//   BITQUERY_TOKEN=… npx tsx docs/examples/bitquery-trades.ts [url] [seconds]
import { graphqlSocket } from 'rx-graphql-ws';
import { bitquery, explainBitqueryError } from 'rx-graphql-ws/bitquery';
import { takeUntil, timer } from 'rxjs';

const [address = 'wss://streaming.bitquery.io/graphql', seconds = '10'] = process.argv.slice(2);

const token = process.env.BITQUERY_TOKEN ?? '';
const socket = graphqlSocket(bitquery({ token, url: address }));

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
      console.error(String(error), explainBitqueryError(error).message);
      process.exitCode = 1;
    },
    complete: () => {
      console.log('stopped');
    },
  });
