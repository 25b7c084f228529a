import { expect } from 'chai';
import { describe } from 'mocha';
import { map, retry, timer } from 'rxjs';
import { bench, subscribed } from '../helpers/bench.js';
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
  'claims a protocol that it does not speak': (peer: Parameters<typeof opensOnly>[0]) => {
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

  test("are no more under a user's own retry()", () => {
    const { socket, peers } = bench({ retry: false }, refuses);
    record(socket.subscribe$(query).pipe(retry()));
    advance(20_000);
    expect(peers.length).to.be.within(20, 23);
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

  test('that fail before they are made are counted, too', () => {
    let asked = 0;
    const url = () => {
      asked += 1;
      throw new Error('mine');
    };
    const { socket } = bench({ url });
    record(socket.subscribe$(query).pipe(retry()));
    advance(20_000);
    expect(asked).to.be.within(20, 23);
  });

  test("are no more where every operation is refused, and a user's retry() asks again", () => {
    const { socket, peers } = bench({}, (peer) => {
      accepts()(peer);
      answering({ subscribe: ({ id }) => failure(String(id), 'no') })(peer);
    });
    record(socket.subscribe$(query).pipe(retry({ delay: 20 })));
    advance(20_000);
    expect(peers.length).to.be.within(19, 23);
  });
});
