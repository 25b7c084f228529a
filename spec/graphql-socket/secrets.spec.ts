import { expect } from 'chai';
import { describe, it } from 'mocha';
import { inspect } from 'node:util';
import { merge, of } from 'rxjs';
import type { GraphQLSocketConfig } from '../../lib/config.js';
import { bench } from '../helpers/bench.js';
import type { Script } from '../helpers/scripted.js';
import { accepts, ends, fails, opens, opensOnly, refuses, says } from '../helpers/scripted.js';
import { advance, cold, record, test } from '../helpers/test.js';

const canary = 'c4n4ry-t0ken';
/** All that logs may show of it. */
const shown = (value: unknown) => {
  const seen = new Set<unknown>();
  const once = (_key: string, inner: unknown) => {
    if (typeof inner !== 'object') return inner;
    return seen.has(inner) ? undefined : (seen.add(inner), inner);
  };
  return `${inspect(value, { depth: 12, showHidden: true })} ${String(value)} ${JSON.stringify(value, once)}`;
};

/** Wherever a token is given. */
const given: Record<string, Partial<GraphQLSocketConfig>> = {
  connectionParams: { connectionParams: { token: canary } },
  'connectionParams()': { connectionParams: () => of({ nested: { token: canary } }) },
  url: { url: `ws://user:${canary}@peer/graphql?token=${canary}#${canary}` },
  'url()': { url: () => `ws://peer/graphql?token=${canary}` },
  subprotocols: { subprotocols: ['graphql-ws', `header-${canary}`] },
  webSocketOptions: { webSocketOptions: { headers: { authorization: canary } } },
};

describe('a secret', () => {
  for (const [where, config] of Object.entries(given))
    test(`in ${where} is in no event, status, error, connection or description of the socket object`, () => {
      const scripts: Script[] = [
        refuses,
        opensOnly,
        accepts(undefined, cold('-x', { x: says('no JSON') })),
        accepts(undefined, cold('-x', { x: says({ type: 'news' }) })),
        cold('-o-x', { o: opens(), x: ends(4403, 'Forbidden') }),
        cold('-x', { x: fails(new Error('refused')) }),
        cold('-o-x', { o: opens(), x: ends(4409) }),
      ];
      for (const script of scripts) {
        const { socket } = bench(
          { ...config, ackTimeout: 5, retry: { delay: 10, count: 2 } },
          script,
        );
        const told = [
          record(merge(socket.events$, socket.status$, socket.connection$)),
          record(socket.subscribe$('subscription { a }')),
          record(socket.mutate$('mutation { a }')),
        ];
        const words = () =>
          [socket, ...told.flatMap(({ values, error }) => [...values, error])]
            .map(shown)
            .join('\n');
        advance(12);
        expect(words()).to.not.include(canary);
        advance(100);
        expect(words()).to.not.include(canary);
        socket.close();
        advance(5);
        expect(words()).to.not.include(canary);
      }
    });

  const bad: [string, () => Partial<GraphQLSocketConfig>][] = [
    ['a url of another scheme', () => ({ url: () => `ftp://peer/${canary}` })],
    ['a url that is none', () => ({ url: () => canary })],
    ['params that are no object', () => ({ connectionParams: () => canary as never })],
    ['params that are an array', () => ({ connectionParams: () => [canary] as never })],
    ['params that cannot be serialised', () => ({ connectionParams: () => ({ canary, n: 1n }) })],
    ['subprotocols that are no tokens', () => ({ subprotocols: () => [`header ${canary}`] })],
    ['options that are no object', () => ({ webSocketOptions: () => canary as never })],
    [
      'a subprotocol that the server chose',
      () => ({ subprotocols: [`header-${canary}`, 'graphql-ws'] }),
    ],
  ];
  for (const [what, config] of bad)
    test(`in ${what} is in no error`, () => {
      const { socket } = bench(config());
      const stream = record(merge(socket.subscribe$('subscription { a }'), socket.status$));
      advance(20);
      expect(stream.error).to.be.an('error');
      expect(shown(stream.error)).to.not.include(canary);
      expect(shown(stream.values)).to.not.include(canary);
    });

  it('given as an option of the wrong kind is in no error', () => {
    const wrong = [
      { connectionParams: canary },
      { connectionParams: [canary] },
      { webSocketOptions: canary },
      { subprotocols: canary },
      { subprotocols: [canary, canary] },
      { url: `ftp://peer/${canary}` },
      { url: canary },
    ];
    for (const config of wrong) {
      let thrown: unknown;
      try {
        bench(config as never);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).to.include({ name: 'ConfigurationError' });
      expect(shown(thrown)).to.not.include(canary);
    }
  });

  test('of a consumer, or of its request, is in no close reason', () => {
    const { socket, peers } = bench({ retry: { delay: 1, count: 1 } });
    const variables = () => {
      throw new Error(canary);
    };
    record(socket.query$({ query: '{ a }', variables }));
    record(socket.query$({ query: '{ a }', variables: { canary, n: 1n } }));
    record(socket.subscribe$('subscription { a }'));
    advance(3);
    peers[0]?.send(`{"type":"next","id":"3","payload":{"data":"${canary}"`);
    peers[0]?.send(canary);
    advance(20);
    socket.close();
    const closes = peers.flatMap((socket) => socket.closes);
    expect(closes).to.not.be.empty;
    expect(shown(closes)).to.not.include(canary);
  });
});
