import { expect } from 'chai';
import { describe } from 'mocha';
import { concatMap, delay as delayed, map, NEVER, of, timer } from 'rxjs';
import type { AttemptContext, GraphQLSocket } from 'rx-graphql-ws';
import { concatMapBounded } from 'rx-graphql-ws';
import { bench, subscribed, wsBench } from '../helpers/bench.js';
import { accepts, answering, opensOnly, refuses, type Move } from '../helpers/scripted.js';
import { advance, now, record, test, timers } from '../helpers/test.js';
import { current, protocols } from '../helpers/wire.js';

const subscription = 'subscription { a }';

/** What functions were told: the number of the attempt, and the error. */
function asking() {
  const asked: unknown[][] = [];
  const connectionParams = ({ attempt, error }: AttemptContext) => {
    asked.push([now(), attempt, error?.message]);
    return { token: asked.length };
  };
  return { asked, connectionParams };
}

const asksToWait: Move = (peer) => {
  timer(1).subscribe(() => {
    peer.emit('unexpected-response', {}, { statusCode: 503, headers: { 'retry-after': '5' } });
  });
};

function reconnectEvery5ms(socket: GraphQLSocket, times: number): void {
  for (let time = 0; time < times; time += 1) {
    advance(5);
    socket.reconnect();
  }
}

const statesOf = ({ status$ }: GraphQLSocket) =>
  record(
    status$.pipe(
      map((status) => ('attempt' in status ? `${status.state} ${status.attempt}` : status.state)),
    ),
  );

for (const wire of protocols)
  describe(`reconnect() on ${wire.subprotocol}`, () => {
    test('of a connection closes it, asks for everything anew, and sends again what may be sent twice', () => {
      const asked: string[] = [];
      const ask =
        <T>(what: string, value: T) =>
        ({ attempt, error }: AttemptContext) => {
          asked.push(`${what} ${attempt} ${error?.message}`);
          return value;
        };
      const { socket, at, peers, stream } = subscribed(
        bench(
          {
            url: ask('url', 'ws://peer/graphql'),
            connectionParams: ask('params', {}),
            webSocketOptions: ask('options', {}),
            subprotocols: ask('subprotocols', [wire.subprotocol]),
          },
          accepts(wire.subprotocol),
        ),
      );
      const query = record(socket.query$('{ a }'));
      const mutation = record(socket.mutate$('mutation { a }'));
      const twice = record(socket.mutate$('mutation { b }', { resend: true }));
      const states = statesOf(socket);
      const events = record(socket.events$);
      advance(2);
      at(0).send(wire.next('1', { data: 1 }));
      advance(8);
      const first = asked.splice(0);
      const sent = at(0).sent.length;
      socket.reconnect();
      expect(at(0).closes).to.deep.equal([{ at: 10, code: 1000, reason: '' }]);
      expect(at(0).sent).to.have.length(sent);
      expect(states.values).to.deep.equal(['connecting 0', 'connected', 'connecting 0']);
      const told = events.values.filter(({ at: instant }) => instant === 10);
      expect(told.map((event) => ({ ...event, at: 0 }))).to.deep.equal([
        { type: 'closed', code: 1000, reason: '', wasClean: false, at: 0, connection: 1 },
      ]);
      expect(mutation.error).to.include({ name: 'ConnectionLostError', operationId: '3' });
      expect(mutation.error.message).to.contain('(connection closed: 1000)');
      advance(2);
      expect(asked).to.deep.equal(
        first.map((text) => text.replace('undefined', 'connection closed: 1000')),
      );
      expect(at(1).sent.slice(1)).to.deep.equal([
        wire.subscribe('5', { query: subscription }),
        wire.subscribe('6', { query: '{ a }' }),
        wire.subscribe('7', { query: 'mutation { b }' }),
      ]);
      at(1).send(...['5', '6', '7'].map((id) => wire.next(id, { data: id })));
      expect([stream.values, query.values, twice.values]).to.deep.equal([[1, '5'], ['6'], ['7']]);
      expect([states.values.at(-1), peers.length]).to.deep.equal(['connected', 2]);
    });

    test('tells the server a code and a reason, and the functions, too', () => {
      const { asked, connectionParams } = asking();
      const { socket, at } = subscribed(bench({ connectionParams }, accepts(wire.subprotocol)));
      const events = record(socket.events$);
      advance(5);
      socket.reconnect({ code: 4001, reason: 'login' });
      expect(at(0).closes).to.deep.equal([{ at: 5, code: 4001, reason: 'login' }]);
      const closed = events.values.find(({ type }) => type === 'closed');
      expect(closed).to.include({ code: 4001, reason: 'login', connection: 1 });
      expect(asked[1]).to.deep.equal([5, 0, 'connection closed: 4001 login']);
    });
  });

describe('reconnect()', () => {
  test('while the url is awaited asks anew', () => {
    let asked = 0;
    const url = () => {
      asked += 1;
      return of(`ws://peer/${asked}`).pipe(delayed(5));
    };
    const { socket, peers } = subscribed(bench({ url }));
    advance(3);
    socket.reconnect();
    expect([asked, peers.length]).to.deep.equal([2, 0]);
    advance(10);
    expect(peers.map((peer) => peer.url)).to.deep.equal(['ws://peer/2']);
  });

  for (const [when, script] of [
    ['while dialling', () => undefined],
    ['while the ack is awaited', opensOnly],
  ] as const)
    test(`${when} drops the attempt, and dials anew`, () => {
      const { asked, connectionParams } = asking();
      const { socket, at, peers, live, stream } = subscribed(
        bench({ connectionParams }, script, accepts()),
      );
      const states = statesOf(socket);
      advance(5);
      socket.reconnect({ code: 4001, reason: 'login' });
      advance(5);
      expect([peers.length, live().length]).to.deep.equal([2, 1]);
      expect(asked).to.deep.equal([
        [0, 0, undefined],
        [5, 0, 'connection closed: 4001 login'],
      ]);
      at(1).send(current.next('1', { data: 1 }));
      expect(stream.values).to.deep.equal([1]);
      expect(states.values).to.deep.equal(['connecting 0', 'connected']);
    });

  for (const [how, delay] of [
    ['a backoff', 60_000],
    ['a backoff that an Observable decides', () => NEVER],
  ] as const)
    test(`cuts ${how} short`, () => {
      const { asked, connectionParams } = asking();
      const { socket, peers } = subscribed(
        bench({ connectionParams, retry: { delay } }, refuses, accepts()),
      );
      const states = statesOf(socket);
      advance(20);
      socket.reconnect();
      expect(peers).to.have.length(2);
      advance(2);
      expect(asked[1]).to.deep.equal([20, 0, 'connection closed: 1000']);
      expect(states.values).to.deep.equal([
        ...['connecting 0', 'waiting 1', 'connecting 0', 'connected'],
      ]);
      expect(timers()).to.equal(1);
    });

  test('leaves the number of attempts as it is, and the one that it makes does not count', () => {
    const { socket, peers, stream } = subscribed(
      bench({ retry: { delay: 60_000, count: 2 } }, refuses),
    );
    const states = statesOf(socket);
    advance(5);
    for (const seconds of [2, 4, 6]) {
      socket.reconnect();
      advance(seconds * 1_000);
    }
    expect([peers.length, stream.log.at(-1)?.[1]]).to.deep.equal([3, 'error']);
    expect(states.values.filter((state) => state.startsWith('waiting'))).to.deep.equal([
      ...['waiting 1', 'waiting 2'],
    ]);
  });

  test('works with retry: false', () => {
    const { socket, at, peers, stream } = subscribed(bench({ retry: false }));
    advance(5);
    socket.reconnect();
    advance(5);
    at(1).send(current.next('2', { data: 1 }));
    expect([peers.length, stream.values]).to.deep.equal([2, [1]]);
    at(1).close(1012);
    advance(1);
    expect(stream.error).to.include({ code: 1012 });
  });

  test('does not cut a Retry-After short, and once it is over dials at once', () => {
    const { socket, peers } = subscribed(
      wsBench({ retry: { delay: 60_000 } }, asksToWait, accepts()),
    );
    advance(10);
    socket.reconnect();
    socket.reconnect();
    advance(4_990);
    expect(peers).to.have.length(1);
    advance(1);
    expect(peers).to.have.length(2);
  });

  test('is one with the retry that comes at the same moment', () => {
    for (const delay of [0, () => of(0)]) {
      const { socket, peers } = subscribed(wsBench({ retry: { delay } }, asksToWait, accepts()));
      advance(10);
      socket.reconnect();
      advance(20_000);
      expect(peers).to.have.length(2);
    }
  });

  test('keeps the connection while the dial limit is not free, and many calls are one', () => {
    const { socket, at, peers, stream } = subscribed(bench());
    for (const id of ['1', '2', '3']) {
      advance(5);
      at(-1).send(current.next(id, { data: 'useful' }));
      socket.reconnect();
    }
    expect(peers).to.have.length(3);
    advance(100);
    socket.reconnect({ reason: 'the first' });
    advance(100);
    socket.reconnect({ reason: 'the last' });
    expect(at(2).closes).to.deep.equal([]);
    at(2).send(current.next('3', { data: 'kept' }));
    expect(stream.values.at(-1)).to.equal('kept');
    advance(1_000);
    expect(peers).to.have.length(4);
    expect(at(2).closes).to.deep.equal([{ at: 1_000, code: 1000, reason: 'the last' }]);
    advance(10_000);
    expect(peers).to.have.length(4);
  });

  test('that waits for the limit is done when a lost connection is dialled again meanwhile', () => {
    const { socket, at, peers } = subscribed(bench());
    reconnectEvery5ms(socket, 3);
    advance(5);
    socket.reconnect();
    at(2).close(1012);
    advance(20_000);
    expect(peers).to.have.length(4);
  });

  test('in one turn is two at most, and the last one counts', () => {
    const { asked, connectionParams } = asking();
    const { socket, peers, live } = subscribed(bench({ connectionParams }));
    advance(5);
    for (let call = 1; call <= 100; call += 1) socket.reconnect({ reason: `call ${call}` });
    advance(20_000);
    expect(asked.slice(1)).to.deep.equal([
      [5, 0, 'connection closed: 1000 call 1'],
      [5, 0, 'connection closed: 1000 call 100'],
    ]);
    expect([peers.length, live().length]).to.deep.equal([3, 1]);
  });

  test('is never excused from the dial limit, also not in a loop behind useful connections', () => {
    const { socket, peers } = subscribed(
      bench({}, (peer) => {
        accepts()(peer);
        answering({ subscribe: ({ id }) => current.next(String(id), { data: 1 }) })(peer);
      }),
    );
    socket.status$.subscribe(({ state }) => {
      if (state === 'connected') timer(5).subscribe(() => socket.reconnect());
    });
    advance(20_000);
    expect(peers.length).to.be.within(20, 23);
  });

  test('in a function that is asked for the first dial has it asked anew', () => {
    const errors: unknown[] = [];
    const { socket, live } = bench({
      connectionParams: ({ error }) => {
        errors.push(error?.message);
        if (errors.length === 1) socket.reconnect({ reason: 'another user' });
        return {};
      },
    });
    record(socket.subscribe$(subscription));
    advance(5);
    expect(errors).to.deep.equal([undefined, 'connection closed: 1000 another user']);
    expect(live()).to.have.length(1);
  });

  for (const [how, url] of [
    ['at once', () => 'ws://peer/graphql'],
    ['later', () => of('ws://peer/graphql').pipe(delayed(5))],
  ] as const)
    test(`in a function that is asked, which answers ${how}, is no storm`, () => {
      let asked = 0;
      const { socket, peers } = bench({
        url: () => {
          asked += 1;
          if (asked > 1) socket.reconnect();
          return url();
        },
      });
      record(socket.subscribe$(subscription));
      advance(5);
      socket.reconnect();
      advance(20_000);
      expect([asked, peers.length].every((count) => count <= 24)).to.equal(true);
    });
});

describe('reconnect() where nobody is subscribed', () => {
  test('closes a connection that lingers, and dials nothing', () => {
    const { socket, at, peers, stream } = subscribed(bench({ linger: 60_000 }));
    const states = statesOf(socket);
    advance(5);
    stream.unsubscribe();
    advance(5);
    expect(at(0).closes).to.deep.equal([]);
    socket.reconnect({ code: 4001 });
    expect(at(0).closes).to.deep.equal([{ at: 10, code: 4001, reason: '' }]);
    advance(10);
    expect([states.values.at(-1), peers.length, timers()]).to.deep.equal(['idle', 1, 0]);
    const next = record(socket.subscribe$(subscription));
    advance(5);
    at(1).send(current.next('2', { data: 1 }));
    expect(next.values).to.deep.equal([1]);
  });

  test('closes it whatever the dial limit says, and a subscriber of the same turn gets another', () => {
    const { socket, at, peers, stream } = subscribed(bench({ linger: 60_000 }));
    reconnectEvery5ms(socket, 2);
    advance(5);
    stream.unsubscribe();
    advance(5);
    socket.reconnect();
    expect(at(2).closes).to.have.length(1);
    const next = record(socket.subscribe$(subscription));
    advance(2_000);
    expect(peers).to.have.length(4);
    at(3).send(current.next('4', { data: 1 }));
    expect(next.values).to.deep.equal([1]);
  });

  for (const linger of [0, 60_000])
    test(`closes it also under a shared operation that lingers: linger ${linger}`, () => {
      const { socket, at, peers } = bench({ linger });
      const share = { share: { linger: 60_000, replay: 1 } };
      const states = statesOf(socket);
      const shared = record(socket.subscribe$(subscription, share));
      advance(2);
      at(0).send(current.next('1', { data: 'old' }));
      shared.unsubscribe();
      advance(5);
      expect(at(0).closes).to.deep.equal([]);
      socket.reconnect();
      expect(at(0).closes).to.have.length(1);
      advance(10);
      expect([states.values.at(-1), peers.length]).to.deep.equal(['idle', 1]);
      const next = record(socket.subscribe$(subscription, share));
      advance(2);
      at(1).send(current.next('2', { data: 'new' }));
      expect(next.values).to.deep.equal(['new']);
    });

  test('also where somebody comes back to such an operation in the same turn', () => {
    const { socket, at, peers, live } = bench();
    const share = { share: { linger: 60_000 } };
    const shared = record(socket.subscribe$(subscription, share));
    advance(2);
    shared.unsubscribe();
    advance(5);
    socket.reconnect();
    const next = record(socket.subscribe$(subscription, share));
    advance(10);
    expect(live()).to.have.length(1);
    at(-1).send(current.next('2', { data: 'new' }));
    expect([next.values, peers.length]).to.deep.equal([['new'], 2]);
  });

  for (const [state, reach] of [
    ['idle', () => undefined],
    ['failed', (socket: GraphQLSocket) => void record(socket.subscribe$(subscription))],
    ['closed', (socket: GraphQLSocket) => socket.close()],
  ] as const)
    test(`does nothing when the socket object is ${state}`, () => {
      const { socket, peers } = bench({ retry: false }, refuses);
      reach(socket);
      advance(5);
      const before = peers.length;
      const states = statesOf(socket);
      socket.reconnect();
      advance(20_000);
      expect([states.values, peers.length, timers()]).to.deep.equal([[state], before, 0]);
    });

  test('is not made up for by whoever comes later', () => {
    const { socket, peers } = subscribed(bench());
    reconnectEvery5ms(socket, 3);
    advance(5);
    socket.reconnect();
    socket.close();
    advance(20_000);
    expect([peers.length, timers()]).to.deep.equal([3, 0]);
  });
});

describe('reconnect() beside other operators', () => {
  test('a paused consumer keeps what was read, and pauses the new connection as well', () => {
    const { socket, at } = wsBench();
    const slow = record(
      socket.subscribe$<number>(subscription).pipe(
        concatMapBounded((value) => timer(100).pipe(map(() => value)), {
          capacity: 1,
          overflow: 'pause',
          socket,
        }),
      ),
    );
    advance(2);
    at(0).send(...[1, 2].map((data) => current.next('1', { data })));
    expect(at(0).paused).to.equal(true);
    socket.reconnect();
    advance(2);
    expect([at(0).paused, at(1).paused]).to.deep.equal([false, true]);
    advance(400);
    expect(at(1).paused).to.equal(false);
    at(1).send(current.next('2', { data: 3 }));
    advance(200);
    expect(slow.values).to.deep.equal([1, 2, 3]);
  });

  test('a shared operation goes on for all, sent once', () => {
    const { socket, at } = bench();
    const share = { share: { replay: 1 } };
    const streams = [1, 2].map(() => record(socket.subscribe$(subscription, share)));
    advance(2);
    at(0).send(current.next('1', { data: 1 }));
    socket.reconnect();
    advance(2);
    expect(at(1).sent).to.have.length(2);
    at(1).send(current.next('2', { data: 2 }));
    expect(streams.map(({ values }) => values)).to.deep.equal([
      [1, 2],
      [1, 2],
    ]);
  });

  test('an operation that waits to be sent again after a complete is sent on the new connection', () => {
    const { socket, at } = bench();
    const stream = record(socket.subscribe$(subscription, { onServerComplete: 'restart' }));
    advance(2);
    at(0).send({ type: 'complete', id: '1' });
    socket.reconnect();
    advance(2);
    at(1).send(current.next('2', { data: 1 }));
    expect(stream.values).to.deep.equal([1]);
  });

  test('connection$ emits the next connection, and the one before completes', () => {
    const { socket } = bench();
    const messages = record(socket.connection$.pipe(concatMap(({ messages$ }) => messages$)));
    const connections = record(socket.connection$);
    advance(2);
    socket.reconnect();
    advance(2);
    expect([connections.values.length, messages.log]).to.deep.equal([2, []]);
  });

  test('in the error of a mutation that it ends, and in next, dials once', () => {
    for (const where of ['error', 'next'] as const) {
      const { socket, at, peers } = bench();
      socket
        .mutate$('mutation { a }')
        .subscribe({ error: () => undefined, [where]: () => socket.reconnect() });
      record(socket.subscribe$(subscription));
      advance(5);
      if (where === 'next') at(0).send(current.next('1', { data: 1 }));
      else socket.reconnect();
      advance(2_000);
      expect(peers.length).to.be.within(2, 3);
      at(-1).send(current.next('9', {}));
      expect(record(socket.status$).values[0]).to.include({ state: 'connected' });
    }
  });

  test('a search for a culprit goes on, and nobody is blamed for the close', () => {
    const { socket, at, peers } = bench();
    const streams = [1, 2].map(() => record(socket.subscribe$(subscription)));
    advance(2);
    at(0).close(4500, 'syntax');
    advance(5);
    socket.reconnect({ code: 4500 });
    advance(5_000);
    expect(streams.map(({ log }) => log)).to.deep.equal([[], []]);
    expect(peers).to.have.length(3);
    expect(at(-1).sent.filter(({ type }) => type === 'subscribe')).to.have.length(2);
  });
});

describe('reconnect() refuses', () => {
  for (const [options, message] of [
    [
      { code: 1001 },
      'expected `code` to be 1000 or a whole number from 3000 to 4999, got `1001` (number)',
    ],
    [{ code: 2999 }, 'got `2999` (number)'],
    [{ code: 5000 }, 'got `5000` (number)'],
    [{ code: 3000.5 }, 'got `3000.5` (number)'],
    [{ code: '4000' }, 'got `"4000"` (string)'],
    [
      { reason: 7 },
      'expected `reason` to be a text of at most 123 bytes of UTF-8, got `7` (number)',
    ],
    [{ reason: 'x'.repeat(124) }, '(string)'],
    [{ reason: 'ä'.repeat(62) }, '(string)'],
    [{ status: 1000 }, 'unknown option `status`: known are code, reason'],
    [null, 'expected `options` to be an object, got null'],
    [4000, 'expected `options` to be an object, got number'],
  ] as const)
    test(JSON.stringify(options), () => {
      const { socket, at } = subscribed(bench());
      advance(2);
      expect(() => socket.reconnect(options as never))
        .to.throw(message)
        .with.property('name', 'ConfigurationError');
      expect(at(0).closes).to.deep.equal([]);
      socket.close();
      expect(() => socket.reconnect(options as never)).to.throw(message);
    });

  test('nothing that a close frame can carry', () => {
    for (const options of [
      {},
      { code: 1000 },
      { code: 3000, reason: 'ä'.repeat(61) },
      { code: 4999, reason: '' },
      { code: undefined, reason: undefined },
    ]) {
      const { socket, at } = subscribed(bench());
      advance(2);
      socket.reconnect(options);
      const { code = 1000, reason = '' } = options;
      expect(at(0).closes[0]).to.include({ code, reason });
    }
  });
});
