import { expect } from 'chai';
import { describe, it } from 'mocha';
import { merge, of } from 'rxjs';
import { inspect } from 'node:util';
import type { GraphQLSocketConfig } from '../../lib/config.js';
import type { AttemptContext } from '../../lib/transport/resolve-options.js';
import { bench, subscribed } from '../helpers/bench.js';
import {
  accepts,
  ends,
  fails,
  opens,
  opensOnly,
  refuses,
  says,
  type Script,
} from '../helpers/scripted.js';
import { advance, cold, record, test, timers } from '../helpers/test.js';

const query = 'subscription { a }';

/** How servers refuse: each 2 ms after the dial. */
const refusals = (): Record<string, [Script, string]> => ({
  4401: [cold('-ox', { o: opens(), x: ends(4401) }), 'ConnectionClosedError'],
  4403: [cold('-ox', { o: opens(), x: ends(4403, 'Forbidden') }), 'ConnectionClosedError'],
  connection_error: [
    cold('-ox', { o: opens(), x: says({ type: 'connection_error', payload: 'no' }) }),
    'HandshakeError',
  ],
});

describe('refused credentials', () => {
  for (const how of ['4401', '4403', 'connection_error']) {
    test(`that are constant are fatal at once (${how})`, () => {
      const [refusal, name] = refusals()[how] as [Script, string];
      const constant = { connectionParams: { token: 't' } };
      const { socket, peers, stream } = subscribed(bench(constant, refusal));
      const states = record(socket.status$);
      advance(100);
      expect(stream.log).to.deep.equal([[2, 'error', name]]);
      expect(peers).to.have.length(1);
      expect(states.values.at(-1)).to.include({ state: 'failed', error: stream.error });
      expect(timers()).to.equal(0);
    });

    const functions: [string, Partial<GraphQLSocketConfig>][] = [
      ['url', { url: () => 'ws://peer/' }],
      ['connectionParams', { connectionParams: () => ({ token: 't' }) }],
      ['subprotocols', { subprotocols: () => ['graphql-transport-ws'] }],
      ['webSocketOptions', { webSocketOptions: of({ headers: {} }) }],
    ];
    for (const [option, config] of functions)
      for (const retry of [{ delay: 10 }, false] as const)
        test(`get one fresh try where ${option} is asked for, then are fatal (${how}, retry: ${JSON.stringify(retry)})`, () => {
          const [refusal, name] = refusals()[how] as [Script, string];
          const { peers, stream } = subscribed(bench({ ...config, retry }, refusal));
          advance(600);
          expect(stream.log.map(([, ...what]) => what)).to.deep.equal([['error', name]]);
          expect(peers).to.have.length(2);
          expect(timers()).to.equal(0);
        });
  }

  test('are asked for with the attempt, and the error that ended the one before', () => {
    const [refusal] = refusals()['4403'] as [Script, string];
    const asked: AttemptContext[] = [];
    const connectionParams = (context: AttemptContext) => {
      asked.push(context);
      return { n: asked.length };
    };
    const { socket, at, stream } = subscribed(bench({ connectionParams }, refusal, accepts()));
    advance(15);
    const error = asked[1]?.error;
    expect(error).to.include({ name: 'ConnectionClosedError', code: 4403, reason: 'Forbidden' });
    expect(asked).to.deep.equal([
      { attempt: 0, error: undefined },
      { attempt: 1, error },
    ]);
    expect([at(0), at(1)].map(({ sent }) => sent[0]?.payload)).to.deep.equal([{ n: 1 }, { n: 2 }]);
    stream.unsubscribe();
    advance(5);
    record(socket.subscribe$(query));
    advance(1);
    expect(asked[2]).to.deep.equal({ attempt: 0, error: undefined });
  });

  test('tell the next subscriber why the last attempt failed', () => {
    const [refusal] = refusals()['4403'] as [Script, string];
    const asked: AttemptContext[] = [];
    const url = (context: AttemptContext) => (asked.push(context), 'ws://peer/');
    const { socket, stream } = subscribed(bench({ url }, refusal));
    advance(20);
    record(socket.subscribe$(query)).unsubscribe();
    expect(asked[2]).to.deep.equal({ attempt: 0, error: stream.error });
  });

  test('that are refused in mid-stream are refreshed, without the stream noticing', () => {
    const { at, stream } = subscribed(bench({ connectionParams: () => ({}) }));
    advance(10);
    at(0).close(4401, 'expired');
    advance(12);
    expect(at(1).sent).to.have.length(2);
    at(1).send({ type: 'next', id: '2', payload: { data: 1 } });
    at(1).close(4401, 'expired');
    advance(12);
    expect(at(2).sent).to.have.length(2);
    expect(stream.values).to.deep.equal([1]);
    at(2).close(4401, 'expired');
    advance(0);
    expect(stream.error).to.include({ code: 4401 });
  });

  test('are what shouldRetry says', () => {
    const [refusal] = refusals()['4403'] as [Script, string];
    const { peers } = subscribed(bench({ retry: { delay: 10, shouldRetry: () => true } }, refusal));
    // three in a burst, then one a second
    advance(3_010);
    expect(peers).to.have.length(5 + 1);
  });
});

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
