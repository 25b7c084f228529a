import { expect } from 'chai';
import { describe, it } from 'mocha';
import { inspect } from 'node:util';
import { map, NEVER, of, retry, Subject, take, tap, throwError, timer } from 'rxjs';
import type { GraphQLSocket, SocketStatus } from 'rx-graphql-ws';
import { concatMapBounded } from 'rx-graphql-ws';
import type { FakePeer } from 'rx-graphql-ws/testing';
import { GraphQLSocketTestingController } from 'rx-graphql-ws/testing';
import { bench, wsBench } from '../helpers/bench.js';
import { advance, now, record, test, timers } from '../helpers/test.js';

const query = 'subscription { a }';
/** ms for each. */
const work = 10;

const rows = (socket: GraphQLSocket) => socket.subscribe$<number>(query);
const slowly = (value: number) => timer(work).pipe(map(() => value));
const pausing = (socket: GraphQLSocket, capacity: number, project = slowly) =>
  concatMapBounded(project, { capacity, overflow: 'pause', socket });

function feed(peer: FakePeer, from: number, to: number, operation = 1) {
  for (let value = from; value <= to; value += 1) peer.next(operation, value);
}
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("concatMapBounded with 'pause'", () => {
  for (const [capacity, readsOn, counts] of [
    [4, 'when half of them are left', [5, 5, 7, 7, 9]],
    [3, 'when none of so few is left', [4, 4, 4, 7, 7]],
    [1, 'when it does not wait any more', [2, 3, 4, 5, 6]],
    [0, 'when the one before is done', [1, 2, 3, 4, 5]],
  ] as const)
    test(`stops reading when ${capacity} wait, and reads on ${readsOn}`, () => {
      const { socket, at } = wsBench();
      const read: number[] = [];
      const source$ = rows(socket).pipe(tap((value) => read.push(value)));
      const stream = record(source$.pipe(pausing(socket, capacity)));
      advance(2);
      feed(at(0), 1, 20);
      const countsRead = counts.map((_, handled) => {
        expect(stream.values).to.have.length(handled);
        const sofar = read.length;
        advance(work);
        return sofar;
      });
      expect(countsRead).to.deep.equal(counts);
    });

  test('holds the socket when two are full at once, until both have let go', () => {
    const { socket, at } = wsBench();
    const values = new Subject<number>();
    record(rows(socket));
    advance(2);
    const streams = [1, 2].map(() => record(values.pipe(pausing(socket, 1, () => NEVER))));
    values.next(1);
    values.next(2);
    expect(at(0).paused).to.equal(true);
    streams[0]!.unsubscribe();
    expect(at(0).paused).to.equal(true);
    streams[1]!.unsubscribe();
    expect(at(0).paused).to.equal(false);
  });

  const ends: readonly (readonly [
    what: string,
    end: (values: Subject<number>, leave: () => void) => void,
  ])[] = [
    ['is unsubscribed', (_values, leave) => leave()],
    ['has an error of the source', (values) => values.error(new Error('boom'))],
    ['has had the last of the source', (values) => values.complete()],
  ];
  for (const [what, end] of ends)
    test(`lets go when it ${what}`, () => {
      const { socket, at } = wsBench();
      const values = new Subject<number>();
      record(rows(socket));
      advance(2);
      const stream = record(values.pipe(pausing(socket, 1)));
      values.next(1);
      values.next(2);
      expect(at(0).paused).to.equal(true);
      end(values, () => stream.unsubscribe());
      expect(at(0).paused).to.equal(false);
      // and is not tempted to begin again while it works off what waits
      advance(1);
      expect(at(0).paused).to.equal(false);
    });

  for (const [what, project] of [
    [
      'fails',
      () =>
        timer(5).pipe(
          map(() => {
            throw new Error('boom');
          }),
        ),
    ],
    [
      'fails at once',
      (value: number) =>
        value === 1 ? timer(5).pipe(map(() => value)) : throwError(() => new Error('boom')),
    ],
  ] as const)
    test(`lets go when what is projected ${what}`, () => {
      const { socket, at } = wsBench();
      record(rows(socket));
      const stream = record(rows(socket).pipe(pausing(socket, 1, project)));
      advance(2);
      feed(at(0), 1, 2, 2);
      expect(at(0).paused).to.equal(true);
      advance(5);
      expect(stream.error).to.be.an('error').that.includes({ message: 'boom' });
      expect(at(0).paused).to.equal(false);
    });

  test('pauses the first connection, and the next, behind its ack', () => {
    const { socket, sockets, at } = wsBench();
    const values = new Subject<number>();
    const held = record(values.pipe(pausing(socket, 1, () => NEVER)));
    values.next(1);
    values.next(2);
    const stream = record(rows(socket));
    advance(2);
    expect([stream.log, at(0).paused, at(0).sent.length]).to.deep.equal([[], true, 2]);
    // as `ws` sees it when it writes
    sockets[0]!.onclose({ type: 'close', code: 1006, reason: '', wasClean: false });
    advance(12);
    expect([at(1).paused, at(1).sent.length]).to.deep.equal([true, 2]);
    at(1).next(1, 'x');
    advance(50);
    expect(stream.log).to.deep.equal([]);
    held.unsubscribe();
    advance(1);
    expect(stream.values).to.deep.equal(['x']);
  });

  test('pauses the connection of a source that is retried after a final error', () => {
    const { socket, at } = wsBench({ retry: false });
    record(rows(socket).pipe(retry({ delay: 50 }), pausing(socket, 1)));
    advance(2);
    feed(at(0), 1, 1);
    at(0).close(1011);
    advance(60);
    feed(at(1), 2, 3);
    expect(at(1).paused).to.equal(true);
  });

  test('holds no connection that nobody else uses', () => {
    const { socket, at } = wsBench();
    const values = new Subject<number>();
    record(values.pipe(pausing(socket, 1)));
    const used = record(rows(socket));
    advance(2);
    values.next(1);
    used.unsubscribe();
    advance(100);
    expect(at(0).readyState).to.equal(3);
  });

  test('reads what the server said before it closed, and then connects anew', () => {
    const { socket, at, peers } = wsBench();
    const stream = record(rows(socket).pipe(pausing(socket, 2)));
    advance(2);
    feed(at(0), 1, 6);
    at(0).close(1012);
    advance(20);
    expect([peers.length, at(0).readyState]).to.deep.equal([1, 1]);
    advance(70);
    expect(stream.values).to.deep.equal(numbers(6));
    expect(peers).to.have.length(2);
  });

  test('reads the goodbye of a socket that is closed while it is paused', () => {
    const { socket, at } = wsBench();
    const status = record(socket.status$);
    const stream = record(rows(socket).pipe(pausing(socket, 1)));
    advance(2);
    feed(at(0), 1, 5);
    expect(at(0).paused).to.equal(true);
    socket.close();
    // it took a timer for `closeTimeout`, and 1 ms for the answer
    advance(2);
    expect(at(0).closes.map(({ code }) => code)).to.deep.equal([1000]);
    expect(at(0).readyState).to.equal(3);
    expect(status.log.at(-1)).to.deep.equal([3, 'complete']);
    // the values that waited are worked off, because a subscription completes
    advance(2 * work);
    expect(stream.log.at(-1)?.[1]).to.equal('complete');
    expect(stream.values).to.deep.equal([1, 2]);
    expect(timers()).to.equal(0);
  });

  test('reads the goodbye though somebody holds the socket whom its end does not reach', () => {
    const { socket, at } = wsBench();
    const values = new Subject<number>();
    record(values.pipe(pausing(socket, 0, () => NEVER)));
    record(rows(socket));
    advance(2);
    values.next(1);
    expect(at(0).paused).to.equal(true);
    socket.close();
    advance(2);
    expect(at(0).readyState).to.equal(3);
    // it is not held a second time
    values.next(2);
  });

  test('reads the goodbye when the last one leaves while it is paused', () => {
    const { socket, at } = wsBench();
    const stream = record(rows(socket).pipe(pausing(socket, 1)));
    advance(2);
    feed(at(0), 1, 5);
    stream.unsubscribe();
    advance(3);
    expect(at(0).closes.map(({ code }) => code)).to.deep.equal([1000]);
    expect(at(0).readyState).to.equal(3);
    expect(timers()).to.equal(0);
  });

  for (const [what, config, limit] of [
    ['keepAliveTimeout', { keepAliveTimeout: 100 }, 100],
    // a ping was due: it is sent when the socket reads again
    ['pongTimeout', { pingInterval: 60, pongTimeout: 40 }, 40],
  ] as const)
    test(`suspends ${what} while it is paused, and begins anew`, () => {
      const { socket, at } = wsBench(config);
      const states = record(socket.status$);
      const values = new Subject<number>();
      record(rows(socket));
      advance(62);
      // there may be a ping that awaits its pong
      const held = record(values.pipe(pausing(socket, 1, () => NEVER)));
      values.next(1);
      values.next(2);
      const pings = at(0).sent.length;
      advance(10_000);
      expect(at(0).sent).to.have.length(pings);
      expect(states.values.at(-1)).to.include({ state: 'connected' });
      const resumed = now();
      held.unsubscribe();
      advance(limit - 1);
      expect(states.values.at(-1)).to.include({ state: 'connected' });
      advance(15);
      const lost = states.log.find(([, status]) => (status as SocketStatus).state === 'waiting');
      expect(lost).to.have.nested.property('[1].error.name', 'SilentDisconnectError');
      expect(lost![0]).to.be.within(resumed + limit, resumed + limit + 12);
    });

  test("suspends what 'auto' has learnt", () => {
    const { socket, at, peers } = wsBench({ keepAliveTimeout: 'auto' });
    const values = new Subject<number>();
    record(rows(socket));
    advance(2);
    for (let beat = 0; beat < 4; beat += 1) {
      at(0).ka();
      advance(2_000);
    }
    const held = record(values.pipe(pausing(socket, 1, () => NEVER)));
    values.next(1);
    values.next(2);
    advance(60_000);
    expect(peers).to.have.length(1);
    held.unsubscribe();
    advance(9_000);
    expect(peers).to.have.length(1);
    advance(3_000);
    expect(peers).to.have.length(2);
  });

  test('errors with the first value where the WebSocket cannot pause', () => {
    const { socket, at } = bench();
    const stream = record(rows(socket).pipe(pausing(socket, 100)));
    advance(50);
    expect(stream.log).to.deep.equal([]);
    feed(at(0), 1, 1);
    expect(stream.error)
      .to.be.an('error')
      .that.includes({ name: 'ConfigurationError', option: 'overflow' });
    expect(stream.error.message).to.include("use 'error', 'dropOldest' or 'dropNewest'");
    advance(5);
    expect([at(0).readyState, timers()]).to.deep.equal([3, 0]);
  });

  test('errors with the first value that comes from a connection that cannot pause, however late it is made', () => {
    const { socket, at } = bench();
    const values = new Subject<number>();
    const held = record(values.pipe(pausing(socket, 1, () => NEVER)));
    for (const value of [1, 2, 3]) values.next(value);
    const stream = record(rows(socket));
    advance(2);
    at(0).next(1, 'not held back');
    expect([stream.values, held.log]).to.deep.equal([['not held back'], []]);
    values.next(4);
    expect(held.error).to.include({ name: 'ConfigurationError', option: 'overflow' });
  });

  test('does not judge, or pause, a connection that is lost', () => {
    const { socket, at, peers } = wsBench();
    const values = new Subject<number>();
    record(rows(socket));
    const held = record(values.pipe(pausing(socket, 1, () => NEVER)));
    advance(2);
    at(0).drop();
    advance(1);
    values.next(1);
    values.next(2);
    expect([held.log, at(0).paused]).to.deep.equal([[], false]);
    advance(20);
    expect([peers.length, at(1).paused]).to.deep.equal([2, true]);
  });

  test('knows nothing against a socket that is not connected', () => {
    const { socket, peers } = bench();
    const stream = record(of(1, 2, 3).pipe(pausing(socket, 1)));
    advance(50);
    expect(stream.values).to.deep.equal([1, 2, 3]);
    expect(peers).to.have.length(0);
  });

  test('keeps up with a consumer that is quick, and never pauses', () => {
    const { socket, at } = wsBench();
    const stream = record(
      rows(socket).pipe(
        pausing(socket, 0, (value) => of(value)),
        take(50),
      ),
    );
    advance(2);
    feed(at(0), 1, 49);
    expect(at(0).paused).to.equal(false);
    feed(at(0), 50, 50);
    expect(stream.values).to.deep.equal(numbers(50));
    advance(5);
  });

  it('can be tested with a controller: what the test says comes at once', () => {
    const controller = new GraphQLSocketTestingController();
    const gate = new Subject<never>();
    const results: number[] = [];
    const gated = (value: number) => (value === 1 ? gate : of(value));
    const subscription = rows(controller)
      .pipe(pausing(controller, 1, gated))
      .subscribe((result) => results.push(result));
    const operation = controller.expectOne<number>({ query });
    for (const value of numbers(5)) operation.next(value);
    expect(results).to.deep.equal([]);
    gate.complete();
    expect(results).to.deep.equal([2, 3, 4, 5]);
    subscription.unsubscribe();
    controller.close();
  });

  it('shows nothing of itself', () => {
    const { socket } = wsBench();
    expect(inspect(socket, { depth: Infinity })).not.to.match(/reading|pausable/i);
    expect(Object.keys(socket.connection$)).to.deep.equal(Object.keys(of()));
  });
});
