import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { filter, map } from 'rxjs';
import { replay } from 'rx-graphql-ws/testing';
import { recordStalledFeed, tradesSubscription } from './fixtures/record-stalled-feed.js';
import { run, socketOver } from './marble-test.js';
import { observe } from './recorded.js';

const stalledFeed = readFileSync('docs/examples/testing/stalled-feed.ndjson', 'utf8');
const config = {
  subprotocols: ['graphql-ws'],
  keepAliveTimeout: 10_000,
  retry: { delay: 1_000 },
};

interface Trades {
  readonly Solana: { readonly DEXTrades: readonly { readonly Block: { readonly Slot: string } }[] };
}

describe('replay of a stalled feed', () => {
  it('plays the recording that the fixture makes', () => {
    expect(recordStalledFeed()).to.equal(stalledFeed);
  });

  it(
    'shows that the client notices the stall, and that the stream goes on',
    run((helpers) => {
      const socket = socketOver(replay(stalledFeed, { helpers }), config);
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
      // 2 ms earlier than in the recording, because its two timers of 0 ms took 1 ms each
      const marbles =
        '800ms a 799ms b 799ms c 799ms d 799ms e 799ms f 799ms g 799ms h 799ms i 13197ms j 849ms k 849ms l 849ms m 849ms n';
      const slot = [1, 2, 3, 4, 5, 6, 7, 8, 9, 24, 25, 26, 27, 28];
      const values = Object.fromEntries(slot.map((each, n) => ['abcdefghijklmn'.charAt(n), each]));
      helpers.expectObservable(slots, '^ 24s !').toBe(marbles, values);
    }),
  );

  it(
    'works without the states of the socket object',
    run((helpers) => {
      const wire = stalledFeed.replace(/.*"status".*\n/g, '');
      const socket = socketOver(replay(wire, { helpers }), { ...config, keepAliveTimeout: 12_000 });
      const { subscribe, run: go } = observe(helpers, socket);
      subscribe(tradesSubscription);
      const [ninth, tenth] = go(25_000)
        .slice(8)
        .map(([time]) => Number(time));
      // the replay opens at once, and is silent after 8060 ms
      expect([ninth, tenth]).to.deep.equal([7_080, 8_060 + 12_000 + 1_000 + 400]);
    }),
  );

  const translated = (
    [
      [/\\"data\\",/g, '\\"next\\",'],
      [/\\"ka\\"/g, '\\"pong\\"'],
      [/\\"start\\"/g, '\\"subscribe\\"'],
      [/"graphql-ws"/g, '"graphql-transport-ws"'],
    ] as const
  ).reduce((text, [old, current]) => text.replace(old, current), stalledFeed);
  /** The lines before the client leaves, because the last timers of 0 ms take another time. */
  const before = (text: string) =>
    text.split('\n').filter((line) => line !== '' && !line.startsWith('{"time":1767623425'));

  for (const [offered, expected] of [
    [['graphql-transport-ws', 'graphql-ws'], stalledFeed],
    [['graphql-transport-ws'], translated],
  ] as const)
    it(
      `gives the same recording to a client that offers ${offered.join(' and ')}`,
      run((helpers) => {
        const connectionParams = { token: 'another' };
        const server = replay(stalledFeed, { helpers });
        const socket = socketOver(server, { ...config, subprotocols: offered, connectionParams });
        const { lines, subscribe, run: go } = observe(helpers, socket);
        subscribe(tradesSubscription);
        go(25_000);
        const recordedAt = (ms: number) => 1_767_623_400_000 + ms + (ms < 18_180 ? 0 : 2);
        const text = lines
          .join('')
          .replace(/"time":(\d+)/g, (_, time: string) => `"time":${recordedAt(Number(time))}`);
        expect(before(text)).to.deep.equal(before(expected));
      }),
    );
});
