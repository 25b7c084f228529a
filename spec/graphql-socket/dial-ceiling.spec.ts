import { expect } from 'chai';
import { describe } from 'mocha';
import { map, retry, tap, timer } from 'rxjs';
import { bench, subscribed } from '../helpers/bench.js';
import type { Move } from '../helpers/scripted.js';
import { accepts, answering, ends, opensOnly, refuses } from '../helpers/scripted.js';
import { advance, now, record, test } from '../helpers/test.js';
import { failure } from '../helpers/wire.js';

const query = 'subscription { a }';
const storms = {
  'refuses every dial': refuses,
  'acknowledges, then closes 1000': accepts(undefined, ends(1000, '', true)),
  'acknowledges, then closes 1012': accepts(undefined, ends(1012, '', true)),
  'acknowledges, answers, then drops': accepts(undefined, (peer) => {
    peer.send({ type: 'next', id: String(peer.sent.at(-1)?.id), payload: { data: 1 } });
    peer.close();
  }),
  'claims a protocol that it does not speak': (peer: Parameters<Move>[0]) => {
    timer(1).subscribe(() => {
      peer.open();
      peer.close(4406, '', true);
    });
  },
};

describe('dials', () => {
  for (const [server, script] of Object.entries(storms))
    test(`are three at once and one a second, whatever the options, to a server that ${server}`, () => {
      const retries = { delay: 0, resetAfter: 0, shouldRetry: () => true };
      const { peers } = subscribed(bench({ retry: retries }, script));
      for (const seconds of [1, 9, 50]) {
        advance(seconds * 1_000);
        expect(peers.length).to.be.within(now() / 1_000, 3 + now() / 1_000);
      }
    });

  const throwing = () => {
    throw new Error('mine');
  };
  const refusing: Move = (peer) => {
    accepts()(peer);
    answering({ subscribe: ({ id }) => failure(String(id), 'no') })(peer);
  };
  for (const [why, config, script, delay] of [
    ['every dial is refused', { retry: false }, refuses, 0],
    ['none is made, because the url is not known', { url: throwing }, refuses, 0],
    ['every operation is refused', {}, refusing, 20],
  ] as const)
    test(`are no more under a retry() of the user's, where ${why}`, () => {
      const { socket, peers } = bench(config, script);
      let failures = 0;
      const error = () => (failures += 1);
      record(socket.subscribe$(query).pipe(tap({ error }), retry({ delay })));
      advance(20_000);
      expect(failures).to.be.within(19, 23);
      expect(peers.length).to.be.at.most(23);
    });

  test('are no more where each is given up before it is answered', () => {
    const { socket, peers } = bench({}, opensOnly);
    for (let turn = 0; turn < 200; turn += 1) {
      const stream = record(socket.subscribe$(query));
      advance(50);
      stream.unsubscribe();
      advance(50);
    }
    expect(peers.length).to.be.within(19, 23);
  });

  test('after a clean close of ours are not counted', () => {
    const { socket, peers } = bench();
    for (let turn = 0; turn < 100; turn += 1) {
      const stream = record(socket.subscribe$(query));
      advance(5);
      expect(peers).to.have.length(turn + 1);
      stream.unsubscribe();
      advance(5);
    }
  });

  test('that wait for their turn say so in status$', () => {
    const { socket } = bench({ retry: false }, refuses);
    const states = record(socket.status$);
    const streams = [1, 2, 3, 4].map(() => {
      const stream = record(socket.subscribe$(query));
      advance(5);
      return stream;
    });
    expect(states.values.at(-1)).to.include({
      state: 'waiting',
      attempt: 0,
      delay: 985,
      until: 1_000,
    });
    advance(985);
    expect(streams[3]?.error).to.include({ name: 'ConnectionError' });
  });

  test('that wait for their turn tell a retry how long it really waits', () => {
    const { socket } = bench({}, refuses);
    const states = record(socket.status$);
    record(socket.subscribe$(query));
    advance(100);
    const waits = states.values.filter(({ state }) => state === 'waiting');
    expect(waits.map((status) => 'delay' in status && status.delay)).to.deep.equal([10, 10, 977]);
  });

  test('are as far apart where their options are long in coming', () => {
    const dialled: number[] = [];
    let asked = 0;
    const url = () => timer((asked += 1) % 2 ? 400 : 0).pipe(map(() => 'ws://peer/graphql'));
    const { socket } = bench({ url, retry: { delay: 0 } }, (peer) => {
      dialled.push(now());
      refuses(peer);
    });
    record(socket.subscribe$(query));
    advance(20_000);
    for (const [first, from] of dialled.entries())
      for (const [last, to] of dialled.entries())
        if (last >= first) expect(last - first + 1).to.be.at.most(3 + (to - from) / 1_000);
    expect(dialled.length).to.be.within(15, 23);
  });
});
