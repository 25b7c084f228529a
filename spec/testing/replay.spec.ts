import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { replay } from 'rx-graphql-ws/testing';
import { helpers, test } from '../helpers/test.js';
import { recordStalledFeed, tradesSubscription } from './fixtures/record-stalled-feed.js';
import { socketOver } from './marble-test.js';
import { observe } from './recorded.js';

const stalledFeed = readFileSync('docs/examples/testing/stalled-feed.ndjson', 'utf8');
const config = { subprotocols: ['graphql-ws'], keepAliveTimeout: 10_000, retry: { delay: 1_000 } };

describe('replay of a stalled feed', () => {
  it('plays the recording that the fixture makes', () => {
    expect(recordStalledFeed()).to.equal(stalledFeed);
  });

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
    test(`gives the same recording to a client that offers ${offered.join(' and ')}`, () => {
      const connectionParams = { token: 'another' };
      const server = replay(stalledFeed, { helpers: helpers() });
      const socket = socketOver(server, { ...config, subprotocols: offered, connectionParams });
      const { lines, subscribe, run: go } = observe(socket);
      subscribe(tradesSubscription);
      go(25_000);
      const recordedAt = (ms: number) => 1_767_623_400_000 + ms + (ms < 18_180 ? 0 : 2);
      const text = lines
        .join('')
        .replace(/"time":(\d+)/g, (_, time: string) => `"time":${recordedAt(Number(time))}`);
      expect(before(text)).to.deep.equal(before(expected));
    });
});
