import { expect } from 'chai';
import { describe } from 'mocha';
import { timer } from 'rxjs';
import { bitquery, type BitqueryOptions } from 'rx-graphql-ws/bitquery';
import { wsBench } from '../helpers/bench.js';
import type { Move, Script } from '../helpers/scripted.js';
import { accepts, ends, says } from '../helpers/scripted.js';
import { advance, record, test, timers } from '../helpers/test.js';

const legacy = 'graphql-ws';

/** A server that answers the upgrade with a status. */
const answers =
  (statusCode: number, headers: object = {}): Move =>
  (peer) =>
    void timer(1).subscribe(() => {
      peer.emit('unexpected-response', {}, { statusCode, headers });
    });

/** A server that answers `connection_init` with a refusal. */
const refuses = (payload: unknown): Move =>
  accepts(legacy, undefined, { type: 'connection_error', payload });

/** A subscription of the preset, before a scripted server. */
function subscribed(options: Partial<BitqueryOptions>, ...scripts: Script[]) {
  const config = bitquery({
    token: 'abc',
    url: 'ws://peer/graphql',
    pingInterval: 1e6,
    ...options,
  });
  const made = wsBench(config, ...scripts);
  const stream = record(made.socket.subscribe$('subscription { a }'));
  return { ...made, stream, status: record(made.socket.status$) };
}

const pauseOf = ({ status }: ReturnType<typeof subscribed>) => {
  const { state, delay } = status.values.at(-1) as { state: string; delay?: number };
  return [state, delay] as const;
};

const final: readonly (readonly [string, Move, string])[] = [
  ['402', answers(402), 'ConnectionError'],
  ['a missing billing period', refuses({ message: 'No active billing period' }), 'HandshakeError'],
  ['points that are used up', refuses({ message: 'usage quota reached' }), 'HandshakeError'],
  [
    'too many streams',
    refuses([{ message: 'too many concurrent subscriptions' }]),
    'HandshakeError',
  ],
];

describe('bitquery() gives up', () => {
  for (const [what, script, name] of final) {
    test(`at once: ${what}`, () => {
      const { peers, stream } = subscribed({ token: () => 'abc' }, script);
      advance(60_000);
      expect([peers.length, stream.error.name, timers()]).to.deep.equal([1, name, 0]);
    });

    test(`after a connection, too: ${what}`, () => {
      const { at, peers, stream } = subscribed({ token: () => 'abc' }, accepts(legacy), script);
      advance(6_000);
      at(0).close(1001);
      advance(60_000);
      expect([peers.length, stream.error.name, timers()]).to.deep.equal([2, name, 0]);
    });
  }

  test('over a token that cannot change: 401', () => {
    const { peers, stream } = subscribed({}, answers(401));
    advance(60_000);
    expect([peers.length, stream.error]).to.have.nested.property('[1].status', 401);
    expect(peers).to.have.length(1);
  });
});

describe('bitquery() goes on', () => {
  test('with a fresh token, once: 401', () => {
    const asked: unknown[] = [];
    const token: BitqueryOptions['token'] = ({ attempt, error }) => {
      asked.push([attempt, (error as { status?: number } | undefined)?.status]);
      return `t${attempt}`;
    };
    const { peers, stream } = subscribed({ token }, answers(401));
    advance(60_000);
    expect(stream.error).to.include({ name: 'ConnectionError', status: 401 });
    expect(asked).to.deep.equal([
      [0, undefined],
      [1, 401],
    ]);
    expect(peers.map(({ url }) => url)).to.deep.equal([
      'ws://peer/graphql?token=t0',
      'ws://peer/graphql?token=t1',
    ]);
  });

  test('after 5 s, 10 s and so on up to a minute: 429', () => {
    const seen = subscribed({}, answers(429));
    for (const least of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
      advance(2);
      const [state, delay] = pauseOf(seen);
      expect(state).to.equal('waiting');
      expect(delay).to.be.within(least, least + 20_000);
      advance(delay!);
    }
    seen.stream.unsubscribe();
  });

  test('after the time that 429 names, with Retry-After', () => {
    const seen = subscribed({}, answers(429, { 'retry-after': '7' }), accepts(legacy));
    advance(2);
    expect(pauseOf(seen)[1]).to.be.within(7_000, 7_500);
    advance(7_510);
    expect(seen.peers).to.have.length(2);
    seen.stream.unsubscribe();
  });

  test('after a refusal of the handshake that may pass', () => {
    const refused = refuses({ message: 'Too Many Sessions' });
    const seen = subscribed({}, refused, refused, accepts(legacy));
    advance(6_000);
    expect(seen.peers).to.have.length(2);
    advance(13_000);
    expect([seen.peers.length, seen.stream.log]).to.deep.equal([3, []]);
    seen.stream.unsubscribe();
  });

  test('5 s after it was too slow: 1013', () => {
    const slow = ends(1013, 'client is not consuming messages fast enough', true);
    const seen = subscribed({}, accepts(legacy, slow), accepts(legacy));
    advance(3);
    expect(pauseOf(seen)[1]).to.be.within(5_000, 5_500);
    advance(5_510);
    expect([seen.peers.length, seen.stream.log]).to.deep.equal([2, []]);
    seen.stream.unsubscribe();
  });

  test('with the usual backoff after any other loss', () => {
    const seen = subscribed({}, accepts(legacy));
    advance(3);
    seen.at(0).close(1006);
    // nothing that is due later runs
    advance(0);
    expect(pauseOf(seen)[1]).to.be.within(0, 1_000);
    seen.stream.unsubscribe();
  });

  test('after 10 s of silence, which a ka or a result ends', () => {
    const seen = subscribed({}, accepts(legacy));
    advance(9_000);
    says({ type: 'ka' })(seen.at(0));
    advance(9_000);
    says({ type: 'data', id: '1', payload: { data: 1 } })(seen.at(0));
    advance(9_990);
    expect([seen.peers.length, seen.stream.values]).to.deep.equal([1, [1]]);
    advance(20);
    // the pause is random, and may be over
    const errors = seen.status.values.map((status) => 'error' in status && status.error.name);
    expect(errors).to.include('SilentDisconnectError');
    seen.stream.unsubscribe();
  });

  test('on the current protocol, whose unsolicited pong is a sign of life, too', () => {
    const seen = subscribed({}, accepts('graphql-transport-ws'));
    for (let n = 0; n < 5; n += 1) {
      advance(9_000);
      says({ type: 'pong' })(seen.at(0));
    }
    expect(seen.peers).to.have.length(1);
    seen.stream.unsubscribe();
  });
});

describe('retry of the user', () => {
  test('has the last word, and is handed the decision of the preset', () => {
    const asked: unknown[] = [];
    const retry = {
      delay: 100,
      shouldRetry: (error: { name: string }, byDefault: boolean) => {
        asked.push([error.name, byDefault]);
        return asked.length < 3;
      },
    };
    const { peers, stream } = subscribed({ retry }, answers(402), answers(429), answers(402));
    advance(10_000);
    expect([peers.length, stream.error.name]).to.deep.equal([3, 'ConnectionError']);
    expect(asked).to.deep.equal([
      ['ConnectionError', false],
      ['ConnectionError', true],
      ['ConnectionError', false],
    ]);
  });

  test('has a count', () => {
    const { peers, stream } = subscribed({ retry: { count: 1 } }, answers(429));
    advance(10_000);
    expect([peers.length, stream.error.name]).to.deep.equal([2, 'ConnectionError']);
  });

  test('that is false never retries', () => {
    const { peers, stream } = subscribed({ retry: false }, answers(503));
    advance(10_000);
    expect([peers.length, stream.error.name]).to.deep.equal([1, 'ConnectionError']);
  });
});
