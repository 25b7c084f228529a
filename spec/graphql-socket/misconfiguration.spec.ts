import { expect } from 'chai';
import { describe } from 'mocha';
import { EMPTY, NEVER, of, throwError, timer } from 'rxjs';
import type { GraphQLSocketConfig } from '../../lib/config.js';
import { bench, subscribed, wsBench } from '../helpers/bench.js';
import type { Move } from '../helpers/scripted.js';
import { accepts } from '../helpers/scripted.js';
import { advance, cold, expectSubscriptions, record, test, timers } from '../helpers/test.js';

const subscription = 'subscription { a }';
const throwing = (): never => {
  throw new Error('mine');
};
const failing = () => throwError(() => new Error('mine'));

/** A server that answers the upgrade with a status. */
const answers =
  (statusCode: number): Move =>
  (peer) =>
    void timer(1).subscribe(() => {
      peer.emit('unexpected-response', {}, { statusCode, headers: {} });
    });

/** What fails the second attempt, too. */
const failures: [string, Partial<GraphQLSocketConfig>, string][] = [
  ['url() throws', { url: throwing }, 'ConnectionError'],
  ['url() errors', { url: failing }, 'ConnectionError'],
  ['url() is empty', { url: () => EMPTY }, 'ConnectionError'],
  ['url() never answers', { url: () => NEVER, connectTimeout: 5 }, 'ConnectionError'],
  ['url() gives no url', { url: () => 'nowhere' }, 'ConfigurationError'],
  ['url() gives another scheme', { url: () => 'ftp://peer/' }, 'ConfigurationError'],
  ['connectionParams() throws', { connectionParams: throwing }, 'ConnectionError'],
  [
    'connectionParams() gives a string',
    { connectionParams: () => 'x' as never },
    'ConfigurationError',
  ],
  ['connectionParams() gives a cycle', { connectionParams: cyclic }, 'ConfigurationError'],
  ['subprotocols() throws', { subprotocols: throwing }, 'ConnectionError'],
  ['subprotocols() gives no list', { subprotocols: () => 'x' as never }, 'ConfigurationError'],
  ['webSocketOptions() errors', { webSocketOptions: failing }, 'ConnectionError'],
  [
    'webSocketOptions() gives a number',
    { webSocketOptions: () => 1 as never },
    'ConfigurationError',
  ],
];

describe('a misconfiguration', () => {
  for (const [what, config, name] of failures)
    test(`is fatal before the first connection: ${what}`, () => {
      const { socket, live, messages, stream } = subscribed(bench(config));
      expect(stream.log).to.deep.equal([]);
      advance(20);
      expect(stream.error).to.include({ name });
      expect(record(socket.status$).values[0]).to.include({ state: 'failed', error: stream.error });
      expect([live().length, messages(), timers()]).to.deep.equal([0, [], 0]);
    });

  test('has what was thrown for its cause', () => {
    for (const url of [throwing, failing]) {
      const stream = record(bench({ url }).socket.subscribe$(subscription));
      advance(1);
      expect(stream.error.message).to.include('`url`').and.not.include('mine');
      expect((stream.error.cause as Error).message).to.equal('mine');
    }
  });

  for (const [what, config] of failures)
    test(`passes after the first connection: ${what}`, () => {
      const [option, broken] = Object.entries(config)[0] as [string, () => unknown];
      const good = { url: 'ws://peer/', connectionParams: {}, subprotocols: ['graphql-ws'] };
      let calls = 0;
      const once = () => {
        calls += 1;
        return calls === 2 ? broken() : ((good as Record<string, unknown>)[option] ?? {});
      };
      const { at, live, stream } = subscribed(bench({ ...config, [option]: once }));
      advance(4);
      at(0).close(1001);
      advance(40);
      expect([calls, stream.log, live().length]).to.deep.equal([3, [], 1]);
      expect(at(-1).sent).to.have.length(2);
    });

  test('passes for later subscribers, too, once there was a connection', () => {
    let calls = 0;
    const url = () => ((calls += 1) === 2 ? throwing() : 'ws://peer/');
    const { socket, peers } = bench({ url });
    const first = record(socket.connection$);
    advance(5);
    first.unsubscribe();
    advance(5);
    const second = record(socket.connection$);
    advance(20);
    expect([peers.length, second.values.length]).to.deep.equal([2, 1]);
  });

  for (const status of [301, 400, 404, 426])
    test(`is an upgrade that is answered with ${String(status)}`, () => {
      const { peers, stream } = subscribed(wsBench({}, answers(status)));
      advance(30);
      expect(stream.error).to.include({ name: 'ConnectionError', status });
      // a server that answers two names with 400 is asked for each
      expect([peers.length, timers()]).to.deep.equal([status === 400 ? 3 : 1, 0]);
      const later = wsBench({}, accepts(), answers(status), accepts());
      const kept = record(later.socket.subscribe$(subscription));
      advance(2);
      later.at(0).close(1001);
      advance(30);
      expect([later.peers.length, kept.log]).to.deep.equal([3, []]);
    });

  for (const status of [408, 425, 429, 500, 502, 503])
    test(`is not an upgrade that is answered with ${String(status)}`, () => {
      const { at, stream } = subscribed(wsBench({}, answers(status), answers(status), accepts()));
      advance(40);
      expect(stream.log).to.deep.equal([]);
      expect(at(2).sent).to.have.length(2);
    });
});

function cyclic() {
  const params: Record<string, unknown> = {};
  params.self = params;
  return params;
}

describe('a Resolvable', () => {
  test('is asked afresh for each dial, with all others, before the dial', () => {
    let asked = 0;
    const { at, peers } = subscribed(
      bench({
        url: () => cold('--u', { u: `ws://peer/${String((asked += 1))}` }),
        connectionParams: () => cold('----p', { p: { n: asked } }),
      }),
    );
    advance(3);
    expect(peers).to.have.length(0);
    advance(3);
    expect(at(0)).to.include({ url: 'ws://peer/1', dialledAt: 4 });
    expect(at(0).sent[0]).to.deep.include({ payload: { n: 1 } });
    at(0).close(1001);
    advance(20);
    expect(at(1).url).to.equal('ws://peer/2');
    expect(at(1).sent[0]).to.deep.include({ payload: { n: 2 } });
  });

  test('that is an Observable is subscribed for each dial, and left at its first value', () => {
    const url$ = cold('-u-v', { u: 'ws://peer/u', v: 'ws://peer/v' });
    const { peers, at, stream } = subscribed(
      bench({ url: url$, connectionParams: of({ n: 1 }, { n: 2 }) }),
    );
    advance(5);
    at(0).close(1001);
    advance(15);
    expect(peers.map(({ url }) => url)).to.deep.equal(['ws://peer/u', 'ws://peer/u']);
    expect(at(0).sent[0]).to.deep.include({ payload: { n: 1 } });
    expectSubscriptions(url$.subscriptions).toBe(['^!', '---------------^!']);
    stream.unsubscribe();
  });

  test('that gives no params is asked once, and the init has no payload', () => {
    let asked = 0;
    const { at } = subscribed(
      bench({
        connectionParams() {
          asked += 1;
          return undefined;
        },
      }),
    );
    advance(5);
    expect([asked, at(0).sent[0]]).to.deep.equal([1, { type: 'connection_init' }]);
  });

  test('is given up after connectTimeout, all together', () => {
    const { stream } = subscribed(bench({ url: () => NEVER, connectTimeout: 20, retry: false }));
    advance(19);
    expect(stream.log).to.deep.equal([]);
    advance(2);
    expect(stream.error).to.include({ name: 'ConnectionError' });
  });
});
