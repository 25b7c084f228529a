import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { filter, map } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { graphqlSocket } from 'rx-graphql-ws';
import { marbleEqual, replay } from 'rx-graphql-ws/testing';
import { recordStalledFeed, tradesSubscription } from './fixtures/record-stalled-feed.js';
import { run } from './marble-test.js';
import { observe, socketOver } from './recorded.js';

const stalledFeed = readFileSync('docs/examples/testing/stalled-feed.ndjson', 'utf8');

interface Trades {
  readonly Solana: { readonly DEXTrades: readonly { readonly Block: { readonly Slot: string } }[] };
}

describe('replay of a stalled feed', () => {
  it('is of what the script beside it records', () => {
    expect(recordStalledFeed()).to.equal(stalledFeed);
  });

  it('shows that the stall is noticed, and that the stream goes on', () => {
    new TestScheduler(marbleEqual).run((helpers) => {
      const server = replay(stalledFeed, { helpers });
      const socket = graphqlSocket({
        url: 'ws://replay',
        webSocketImpl: server,
        subprotocols: ['graphql-ws'],
        keepAliveTimeout: 10_000,
        retry: { delay: 1_000 },
      });
      const losses = socket.status$.pipe(
        filter((status) => status.state === 'waiting'),
        map(({ error }) => error.message),
      );
      const slots = socket
        .subscribe$<Trades>(tradesSubscription)
        .pipe(map(({ Solana }) => Number(Solana.DEXTrades[0]?.Block.Slot) % 100));

      helpers.expectObservable(losses, '^ 24s !').toBe('18180ms s', {
        s: 'silent disconnect: no frame received for 10000 ms',
      });
      // noticed 2 ms earlier than in the recording: what is left of a verdict are two timers of 0 ms, which take 1 ms each there
      helpers
        .expectObservable(slots, '^ 24s !')
        .toBe(
          '800ms a 799ms b 799ms c 799ms d 799ms e 799ms f 799ms g 799ms h 799ms i 13197ms j 849ms k 849ms l 849ms m 849ms n',
          {
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
            k: 25,
            l: 26,
            m: 27,
            n: 28,
          },
        );
    });
  });

  it(
    'is one without the states of the socket object, too',
    run((helpers) => {
      const wire = stalledFeed.replace(/.*"status".*\n/g, '');
      const server = replay(wire, { helpers });
      const config = { subprotocols: ['graphql-ws'], keepAliveTimeout: 12_000 };
      const socket = socketOver(server, { ...config, retry: { delay: 1_000 } });
      const { subscribe, log, run: go } = observe(helpers, socket, 25_000);
      subscribe(tradesSubscription);
      go();
      const [ninth, tenth] = log.slice(8).map(([time]) => Number(time));
      // opened at once, then silent from 8060 ms on
      expect([ninth, tenth]).to.deep.equal([7_080, 8_060 + 12_000 + 1_000 + 400]);
    }),
  );

  const translations: readonly (readonly [RegExp, string])[] = [
    [/\\"data\\",/g, '\\"next\\",'],
    [/\\"ka\\"/g, '\\"pong\\"'],
    [/\\"start\\"/g, '\\"subscribe\\"'],
    [/"graphql-ws"/g, '"graphql-transport-ws"'],
  ];
  const translated = translations.reduce(
    (text, [old, current]) => text.replace(old, current),
    stalledFeed,
  );
  /** The lines before the client leaves: how long a timer of 0 ms takes is another matter. */
  const before = (text: string) =>
    text.split('\n').filter((line) => line !== '' && !line.startsWith('{"time":1767623425'));

  for (const [offered, expected] of [
    [['graphql-ws'], stalledFeed],
    [['graphql-transport-ws', 'graphql-ws'], stalledFeed],
    [['graphql-transport-ws'], translated],
  ] as const)
    it(
      `comes to the same when it is recorded again, offering ${offered.join(' and ')}`,
      run((helpers) => {
        const server = replay(stalledFeed, { helpers });
        const socket = socketOver(server, {
          subprotocols: offered,
          connectionParams: { token: 'another' },
          keepAliveTimeout: 10_000,
          retry: { delay: 1_000 },
        });
        const { lines, subscribe, run: go } = observe(helpers, socket, 25_000);
        subscribe(tradesSubscription);
        go();
        // noticed 2 ms earlier, see above
        const recordedAt = (ms: number) => 1_767_623_400_000 + ms + (ms < 18_180 ? 0 : 2);
        const text = lines.join('').replace(/"time":(\d+)/g, (_, time: string) => {
          return `"time":${String(recordedAt(Number(time)))}`;
        });
        expect(before(text)).to.deep.equal(before(expected));
      }),
    );
});
