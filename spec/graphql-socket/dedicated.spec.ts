import { expect } from 'chai';
import { describe, it } from 'mocha';
import { asyncScheduler, concat, retry, switchMap, take, timer } from 'rxjs';
import type { SentMessage } from 'rx-graphql-ws/testing';
import type { GraphQLSocketConfig } from '../../lib/config.js';
import { dedicated } from '../../lib/dedicated.js';
import { SocketDisposedError } from '../../lib/errors.js';
import type { GraphQLSocket } from '../../lib/graphql-socket-api.js';
import type { Move, Script } from '../helpers/scripted.js';
import { accepts, answering, refuses, scriptedWs } from '../helpers/scripted.js';
import { advance, record, test, timers } from '../helpers/test.js';

const query = 'subscription { a }';

/** Dedicated sockets before a scripted server, and all socket objects that were made. */
function served(config: Partial<GraphQLSocketConfig>, ...scripts: readonly Script[]) {
  const webSocketImpl = scriptedWs(...scripts);
  const made: GraphQLSocket[] = [];
  const streams = dedicated(
    {
      url: 'ws://peer/graphql',
      webSocketImpl,
      pingInterval: false,
      retry: { delay: 10 },
      ...config,
    },
    { opened: (socket) => made.push(socket) },
  );
  return { streams, made, webSocketImpl };
}

/** Acknowledges, and answers each operation with a result. */
const answers: Move = (peer) => {
  accepts()(peer);
  const result = (type: string) => (message: SentMessage) => ({
    type,
    id: message.id,
    payload: { data: { a: 1 } },
  });
  answering({ subscribe: result('next'), start: result('data') })(peer);
};

const start = (streams: ReturnType<typeof dedicated>, count: number) =>
  Array.from({ length: count }, () => record(streams.subscribe$(query)));

describe('dedicated', () => {
  test('gives each operation a socket of its own, which is closed when it is unsubscribed', () => {
    const { streams, webSocketImpl } = served({}, answers);
    const [one, other] = start(streams, 2);
    advance(5);
    expect(webSocketImpl.live()).to.have.length(2);
    expect(webSocketImpl.messages().filter(({ type }) => type === 'subscribe')).to.have.length(2);
    one!.unsubscribe();
    advance(1);
    expect(webSocketImpl.live()).to.deep.equal([webSocketImpl.peers[1]]);
    expect(one!.values).to.deep.equal([{ a: 1 }]);
    webSocketImpl.peers[1]!.send({ type: 'next', id: '1', payload: { data: { a: 2 } } });
    expect(other!.values).to.deep.equal([{ a: 1 }, { a: 2 }]);
    other!.unsubscribe();
    advance(10_000);
    expect([webSocketImpl.live(), timers()]).to.deep.equal([[], 0]);
  });

  test('closes the socket at once, whatever the `linger`', () => {
    const { streams, webSocketImpl } = served({ linger: 60_000 }, answers);
    const [stream] = start(streams, 1);
    advance(5);
    stream!.unsubscribe();
    advance(1);
    expect([webSocketImpl.live(), timers()]).to.deep.equal([[], 0]);
  });

  test('runs queries, mutations, whole results and undecoded ones in the same way', () => {
    const { streams, webSocketImpl } = served({}, answers);
    const runs = [
      record(streams.query$('{ a }')),
      record(streams.mutate$('mutation { a }')),
      record(streams.execute$('{ a }').pipe(take(1))),
      record(streams.payload$('{ a }').pipe(take(1))),
    ];
    advance(10);
    expect(webSocketImpl.peers).to.have.length(4);
    for (const { log } of runs) expect(log.at(-1)?.[1]).to.equal('complete');
    expect(webSocketImpl.live()).to.deep.equal([]);
  });

  test('uses a socket object again when its operation has ended, with what it has learnt', () => {
    const { streams, webSocketImpl, made } = served({}, (peer) => {
      answers(peer);
      // it says that it speaks the protocol, and does not
      if (peer.offered.length > 1) answering({ connection_init: () => peer.close(1002) })(peer);
    });
    const next$ = streams.subscribe$(query).pipe(take(1));
    const stream = record(concat(next$, timer(5).pipe(switchMap(() => next$))));
    advance(1_000);
    expect([stream.values.length, made.length]).to.deep.equal([2, 1]);
    expect(webSocketImpl.peers.map(({ offered }) => offered.length)).to.deep.equal([2, 1, 1]);
  });

  test('takes another socket object while that of the last operation is not idle', () => {
    const { streams, made } = served({}, answers);
    const next$ = streams.subscribe$(query).pipe(take(1));
    expect(made).to.have.length(1);
    const stream = record(concat(next$, next$));
    advance(20);
    expect([stream.values.length, made.length]).to.deep.equal([2, 2]);
  });

  test('renews all connections', () => {
    const { streams, webSocketImpl } = served({}, answers);
    const running = start(streams, 3);
    advance(10);
    streams.reconnect({ code: 4001, reason: 'session changed' });
    advance(10);
    const closes = webSocketImpl.peers.map((peer) => peer.closes.map(({ code }) => code));
    expect(closes).to.deep.equal([[4001], [4001], [4001], [], [], []]);
    for (const { values } of running) expect(values).to.have.length(2);
  });

  test('ends every operation, and those that come later', () => {
    const { streams, webSocketImpl } = served({}, answers);
    const running = [...start(streams, 2), record(streams.query$('{ a }', { sendWithin: 5 }))];
    advance(10);
    const again = record(streams.subscribe$(query).pipe(retry(1)));
    streams.close();
    const late = start(streams, 3);
    advance(5_000);
    for (const { log } of running) expect(log.at(-1)?.[1]).to.equal('complete');
    expect(again.log.at(-1)?.[1]).to.equal('complete');
    for (const { error } of late) expect(error).to.be.an.instanceOf(SocketDisposedError);
    expect([webSocketImpl.live(), timers()]).to.deep.equal([[], 0]);
  });

  it('refuses what is wrong at once', () => {
    const url = 'ws://peer/graphql';
    const wrong = (config: object, options?: object) => () =>
      dedicated(config as GraphQLSocketConfig, options);
    expect(wrong({ url, linger: 'no' })).to.throw('expected `linger` to be a number');
    expect(wrong({ url }, { open: () => 0 })).to.throw('did you mean `opened`?');
    expect(wrong({ url }, { opened: 1 })).to.throw('expected `opened` to be a function');
    const fails = () => {
      throw new Error('no');
    };
    expect(wrong({ url }, { opened: fails })).to.throw('the function `opened` failed');
    const streams = dedicated({ url });
    expect(() => streams.subscribe$(query, { resend: 1 as never })).to.throw('expected `resend`');
    expect(() => streams.subscribe$(query, { share: true })).to.throw(
      'give the stream to `share()` of rxjs',
    );
    expect(() => streams.subscribe$(query, { share: false })).not.to.throw();
    expect(() => streams.reconnect({ code: 1 })).to.throw('expected `code` to be 1000');
  });
});

describe('the limit on the dials of dedicated sockets', () => {
  const dialledAt = ({ peers }: ReturnType<typeof served>['webSocketImpl']) =>
    peers.map((peer) => peer.dialledAt);

  test('is ten in a burst and five a second: twenty operations start within two seconds', () => {
    const { streams, webSocketImpl } = served({}, accepts());
    start(streams, 20);
    advance(2_000);
    const tenAtOnce = Array.from({ length: 10 }, () => 0);
    const then = Array.from({ length: 10 }, (_, n) => 200 * (n + 1));
    expect(dialledAt(webSocketImpl)).to.deep.equal([...tenAtOnce, ...then]);
  });

  test('is one a second once a dial has failed, over all of them', () => {
    const { streams, webSocketImpl } = served({ retry: { delay: 0 } }, refuses);
    start(streams, 20);
    advance(10_500);
    const dials = dialledAt(webSocketImpl);
    expect(dials.filter((at) => at < 1_000)).to.have.length(10);
    for (let second = 1; second <= 10; second += 1)
      expect(dials.filter((at) => Math.floor(at / 1_000) === second)).to.have.length(1);
  });

  test('is three in a burst for connections that are lost', () => {
    const { streams, webSocketImpl } = served({ retry: { delay: 0 } }, accepts());
    start(streams, 5);
    advance(60_000);
    for (const peer of webSocketImpl.live()) peer.close(1012);
    advance(900);
    expect(webSocketImpl.peers.filter((peer) => peer.dialledAt >= 60_000)).to.have.length(3);
    advance(2_000);
    expect(webSocketImpl.live()).to.have.length(5);
  });

  for (const [what, script, within] of [
    ['a result', answers, 50],
    ['five seconds', accepts(), 7_000],
  ] as const)
    test(`is the wide one again once a connection has proven itself, by ${what}`, () => {
      const { streams, webSocketImpl } = served({ retry: { delay: 0 } }, refuses, script);
      const [first] = start(streams, 1);
      advance(within);
      expect(webSocketImpl.live()).to.have.length(1);
      start(streams, 8);
      advance(50);
      expect(webSocketImpl.live()).to.have.length(9);
      first!.unsubscribe();
    });

  test('is one a second behind operations that are left before they had a result', () => {
    const { streams, webSocketImpl } = served({}, accepts());
    const hasty$ = timer(0, 50).pipe(
      take(100),
      switchMap(() => streams.subscribe$(query)),
    );
    const stream = record(hasty$);
    advance(5_000);
    expect(webSocketImpl.peers.length).to.be.within(6, 8);
    stream.unsubscribe();
  });

  test('admits a dial when a timer has waited for its turn, though the clock stands still', () => {
    const { now } = asyncScheduler;
    const { streams, webSocketImpl } = served({}, accepts());
    try {
      asyncScheduler.now = () => 1e12;
      start(streams, 12);
      advance(1_000);
      expect(webSocketImpl.peers).to.have.length(12);
    } finally {
      asyncScheduler.now = now;
    }
  });

  test('holds back all for the `Retry-After` of one answer, and not those that are connected', () => {
    const { streams, webSocketImpl } = served(
      {},
      answers,
      (peer) => {
        timer(1).subscribe(() =>
          peer.emit(
            'unexpected-response',
            {},
            { statusCode: 503, headers: { 'retry-after': '5' } },
          ),
        );
      },
      answers,
    );
    start(streams, 2);
    advance(100);
    start(streams, 1);
    advance(4_800);
    expect(webSocketImpl.peers).to.have.length(2);
    advance(3_000);
    expect(webSocketImpl.live()).to.have.length(3);
  });
});
