import { expect } from 'chai';
import { describe } from 'mocha';
import type { Observable } from 'rxjs';
import { map, repeat, retry, take, timeout, timer } from 'rxjs';
import type { GraphQLSocket } from 'rx-graphql-ws';
import { bench } from '../helpers/bench.js';
import type { Move } from '../helpers/scripted.js';
import { accepts, answering, ends, opensOnly, refuses } from '../helpers/scripted.js';
import { advance, now, record, test } from '../helpers/test.js';
import { complete, current, failure } from '../helpers/wire.js';

const query = 'subscription { a }';

/** Answers each operation with these messages. */
const answers =
  (...messages: readonly ((id: string) => unknown)[]): Move =>
  (peer) => {
    accepts()(peer);
    answering({
      subscribe: ({ id }) => {
        timer(1).subscribe(() => peer.send(...messages.map((message) => message(String(id)))));
        return undefined;
      },
    })(peer);
  };
const result = (payload: object) => (id: string) => current.next(id, payload);

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
      const { socket, peers } = bench({ retry: retries }, script);
      const stream = record(socket.subscribe$(query));
      for (const seconds of [1, 9, 50]) {
        advance(seconds * 1_000);
        expect(peers.length).to.be.within(now() / 1_000, 3 + now() / 1_000);
      }
      stream.unsubscribe();
    });

  test("are no more under a user's own retry()", () => {
    const { socket, peers } = bench({ retry: false }, refuses);
    const stream = record(socket.subscribe$(query).pipe(retry()));
    advance(20_000);
    expect(peers.length).to.be.within(20, 23);
    stream.unsubscribe();
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

  test('of twelve queries one after another do not wait', () => {
    const { socket, peers } = bench({}, answers(result({ data: 1 })));
    for (let turn = 0; turn < 12; turn += 1) {
      const stream = record(socket.query$('{ a }'));
      advance(5);
      expect([stream.values, peers.length]).to.deep.equal([[1], turn + 1]);
      advance(20);
    }
  });

  for (const [
    what,
    script,
    run = ({ subscribe$ }: GraphQLSocket): Observable<unknown> => subscribe$(query),
  ] of [
    ['errors', answers(result({ data: null, errors: [{ message: 'no' }] }))],
    ['a complete', answers(complete)],
    ['a result of the wrong shape', answers(result({ rows: 1 }))],
    ['one result, and then an error', answers(result({ data: 1 }), failure)],
    ['nothing in time', accepts(), ({ subscribe$ }) => subscribe$(query).pipe(timeout(40))],
    [
      'variables that throw',
      accepts(),
      ({ subscribe$ }) =>
        subscribe$({
          query,
          variables: () => {
            throw new Error('mine');
          },
        }),
    ],
  ] as [what: string, script: Move, run?: (socket: GraphQLSocket) => Observable<unknown>][])
    test(`are no more than one a second, whoever asks: ${what}`, () => {
      const { socket, peers } = bench({}, script);
      const stream = record(run(socket).pipe(retry({ delay: 5 }), repeat({ delay: 5 })));
      advance(20_000);
      expect(peers.length).to.be.within(18, 24);
      stream.unsubscribe();
      advance(5);
    });

  test('are six a second at most, under a user who takes one result and comes back', () => {
    const { socket, peers } = bench({}, answers(result({ data: 1 })));
    const stream = record(socket.subscribe$(query).pipe(take(1), repeat({ delay: 1 })));
    advance(20_000);
    expect(peers.length).to.be.within(110, 134);
    stream.unsubscribe();
    advance(5);
  });

  test('that wait for their turn without an error show as connecting', () => {
    const { socket } = bench();
    for (let turn = 0; turn < 3; turn += 1) {
      record(socket.subscribe$(query)).unsubscribe();
      advance(5);
    }
    const stream = record(socket.subscribe$(query));
    const status = record(socket.status$);
    expect(status.values.at(-1)).to.include({ state: 'connecting', attempt: 0 });
    stream.unsubscribe();
    expect(status.values.at(-1)).to.include({ state: 'connecting' });
    advance(1);
    expect(status.values.at(-1)).to.include({ state: 'idle' });
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
    const stream = record(socket.subscribe$(query));
    advance(100);
    const waits = states.values.filter(({ state }) => state === 'waiting');
    expect(waits.map((status) => 'delay' in status && status.delay)).to.deep.equal([10, 10, 977]);
    stream.unsubscribe();
  });

  test('are as far apart where their options are long in coming', () => {
    const dialled: number[] = [];
    let asked = 0;
    const url = () => timer((asked += 1) % 2 ? 400 : 0).pipe(map(() => 'ws://peer/graphql'));
    const { socket } = bench({ url, retry: { delay: 0 } }, (peer) => {
      dialled.push(now());
      refuses(peer);
    });
    const stream = record(socket.subscribe$(query));
    advance(20_000);
    for (const [first, from] of dialled.entries())
      for (const [last, to] of dialled.entries())
        if (last >= first) expect(last - first + 1).to.be.at.most(3 + (to - from) / 1_000);
    expect(dialled.length).to.be.within(15, 23);
    stream.unsubscribe();
  });

  test('that fail before they are made are counted, too', () => {
    let asked = 0;
    const url = () => {
      asked += 1;
      throw new Error('mine');
    };
    const { socket } = bench({ url });
    const stream = record(socket.subscribe$(query).pipe(retry()));
    advance(20_000);
    expect(asked).to.be.within(20, 23);
    stream.unsubscribe();
  });

  test("are no more where every operation is refused, and a user's retry() asks again", () => {
    const { socket, peers } = bench({}, (peer) => {
      accepts()(peer);
      answering({ subscribe: ({ id }) => failure(String(id), 'no') })(peer);
    });
    const stream = record(socket.subscribe$(query).pipe(retry({ delay: 20 })));
    advance(20_000);
    expect(peers.length).to.be.within(19, 23);
    stream.unsubscribe();
  });
});
