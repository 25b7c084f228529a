import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { graphqlSocket } from 'rx-graphql-ws';
import { marbleEqual, replay } from 'rx-graphql-ws/testing';
import { filter, map } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

interface Trades {
  readonly Solana: { readonly DEXTrades: readonly { readonly Block: { readonly Slot: string } }[] };
}
const TRADES = 'subscription { Solana { DEXTrades { Block { Slot } } } }';

describe('a stall of production', () => {
  it('is noticed after 10 s, and the stream goes on', () => {
    new TestScheduler(marbleEqual).run((helpers) => {
      const recording = readFileSync('stalled-feed.ndjson', 'utf8');
      const socket = graphqlSocket({
        url: 'wss://example.org/graphql',
        webSocketImpl: replay(recording, { helpers }),
        keepAliveTimeout: 10_000,
        retry: { delay: 1_000 },
      });
      const lost$ = socket.status$.pipe(
        filter((status) => status.state === 'waiting'),
        map(({ error }) => error.name),
      );
      const slot$ = socket
        .subscribe$<Trades>(TRADES)
        .pipe(map(({ Solana }) => Number(Solana.DEXTrades[0]?.Block.Slot) - 380_000_000));

      // the last frame was a heartbeat at 8180 ms
      helpers.expectObservable(lost$, '^ 21s !').toBe('18180ms s', { s: 'SilentDisconnectError' });
      // nine trades; then the second connection
      helpers
        .expectObservable(slot$, '^ 21s !')
        .toBe('800ms a 799ms b 799ms c 799ms d 799ms e 799ms f 799ms g 799ms h 799ms i 13197ms j', {
          a: 1,
          b: 2,
          c: 3,
          d: 4,
          e: 5,
          f: 6,
          g: 7,
          h: 8,
          i: 9,
          j: 24,
        });
    });
  });
});
