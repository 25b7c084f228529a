import { expect } from 'chai';
import { describe } from 'mocha';
import { Subject, timer } from 'rxjs';
import { bench, subscribed, wsBench } from '../helpers/bench.js';
import { accepts, ends, fails, opens, type Move, type Script } from '../helpers/scripted.js';
import { advance, cold, record, test, timers } from '../helpers/test.js';
import { complete, current, init, protocols } from '../helpers/wire.js';

const query = 'subscription { a }';

describe('a reconnecting socket', () => {
  for (const wire of protocols)
    for (const [what, code] of [
      ['a clean 1000', 1000],
      ['1001', 1001],
      ['a drop', 1006],
      ['1011', 1011],
      ['1012', 1012],
    ] as const)
      test(`goes on silently under a fresh id after ${what}, on ${wire.subprotocol}`, () => {
        const { at, stream } = subscribed(bench({}, accepts(wire.subprotocol)));
        advance(2);
        at(0).send(wire.next('1', { data: 'before' }));
        advance(1);
        at(0).close(code);
        advance(11);
        expect(at(1).dialledAt).to.equal(13);
        advance(1);
        expect(at(1).sent).to.deep.equal([init, wire.subscribe('2', { query })]);
        at(1).send(wire.next('1', { data: 'late' }), wire.next('2', { data: 'after' }));
        expect(stream.log).to.deep.equal([
          [2, 'before'],
          [15, 'after'],
        ]);
        stream.unsubscribe();
        expect(at(1).sent[2]).to.deep.equal(wire.stop('2'));
        expect(at(0).closes).to.deep.equal([]);
      });

  test('dials again when the ack does not come', () => {
    const deaf = cold('-o', { o: opens() });
    const { at, live, stream } = subscribed(bench({ ackTimeout: 20 }, deaf, accepts()));
    advance(20);
    expect(at(0).closes).to.deep.equal([]);
    advance(1);
    expect(at(0).closes).to.deep.equal([{ at: 21, code: 4504, reason: 'No connection_ack' }]);
    expect(at(0).sent).to.deep.equal([init]);
    advance(12);
    expect(at(1).sent[1]).to.deep.equal(current.subscribe('1', { query }));
    expect([stream.log, live().length]).to.deep.equal([[], 1]);
    stream.unsubscribe();
    advance(1);
    expect(timers()).to.equal(0);
  });

  test('dials again when the socket does not open, and leaves the stuck attempt first', () => {
    const { at, peers, stream } = subscribed(
      bench({ connectTimeout: 20 }, () => undefined, accepts()),
    );
    advance(20);
    expect(at(0).closes).to.deep.equal([{ at: 20, code: 1000, reason: '' }]);
    advance(10);
    expect(peers).to.have.length(2);
    at(0).open();
    advance(2);
    expect(at(0).sent).to.deep.equal([]);
    expect(at(1).sent).to.have.length(2);
    stream.unsubscribe();
    advance(1);
    expect([stream.log, timers()]).to.deep.equal([[], 0]);
  });

  test('dials again while the server is away, for as long as it takes', () => {
    const down = cold('-x', { x: fails() });
    const { peers, at, stream } = subscribed(
      bench({ retry: { delay: 1_000 } }, ...Array<Script>(60).fill(down), accepts()),
    );
    advance(60_062);
    expect(peers).to.have.length(61);
    at(60).send(current.next('1', { data: 1 }));
    expect(stream.values).to.deep.equal([1]);
  });

  test('goes through many losses with one subscription per connection', () => {
    const flaky = accepts(
      undefined,
      cold('--n---x', {
        n: (peer) => peer.send(current.next(String(peer.sent[1]?.id), { data: 1 })),
        x: ends(1006),
      }),
    );
    const { peers, stream } = subscribed(bench({}, flaky));
    // three dials in a burst, then one a second
    advance(297_999);
    const ids = peers.map(({ sent }) => sent.slice(1).map(({ id }) => id));
    expect(peers).to.have.length(300);
    expect(ids.slice(0, -1)).to.deep.equal(ids.slice(0, -1).map((_, index) => [String(index + 1)]));
    expect(stream.values.length).to.be.at.least(299);
    stream.unsubscribe();
    advance(20);
    expect(timers()).to.equal(0);
  });

  test('waits longer and longer for a server that dies after its ack, and starts over when it has proven itself', () => {
    const dying = accepts(undefined, cold('-x', { x: ends(1000) }));
    const attempts: number[] = [];
    const delay = (_error: unknown, attempt: number) => attempts.push(attempt) * 0 + 1;
    const { at } = subscribed(bench({ retry: { delay } }, dying, dying, dying, accepts()));
    advance(1_010);
    expect(attempts).to.deep.equal([1, 2, 3]);
    at(3).send(current.next('4', { data: 1 }));
    at(3).close(1000);
    advance(0);
    expect(attempts).to.deep.equal([1, 2, 3, 1]);
  });

  test('completes a subscription that the server completed, whatever becomes of the connection', () => {
    const { at, peers, stream } = subscribed(bench());
    advance(2);
    at(0).send(complete('1'));
    at(0).close(1006);
    advance(100);
    expect(stream.log).to.deep.equal([[2, 'complete']]);
    expect([peers.length, timers()]).to.deep.equal([1, 0]);
  });
});

describe('a lost connection', () => {
  test('is not replaced when nobody subscribes any more', () => {
    const { socket, peers, at } = bench({ linger: 50 });
    record(socket.subscribe$(query)).unsubscribe();
    const stream = record(socket.subscribe$(query));
    advance(5);
    stream.unsubscribe();
    expect(at(0).closes).to.deep.equal([]);
    advance(5);
    at(0).close(1006);
    advance(1_000);
    expect([peers.length, timers()]).to.deep.equal([1, 0]);
    expect(record(socket.status$).values[0]).to.include({ state: 'idle' });
  });

  test('is replaced for those who come later', () => {
    const { socket, peers, at } = bench({ linger: 50 });
    record(socket.query$('{ a }'));
    advance(2);
    at(0).send(current.next('1', { data: 1 }));
    advance(1);
    at(0).close(1006);
    advance(0);
    const late = record(socket.subscribe$(query));
    advance(2);
    expect(peers).to.have.length(2);
    at(1).send(current.next('2', { data: 2 }));
    expect(late.values).to.deep.equal([2]);
  });

  test('is not handed to a late subscriber', () => {
    const { socket, at } = subscribed(bench());
    advance(2);
    at(0).close(1006);
    advance(0);
    const connections = record(socket.connection$);
    const late = record(socket.subscribe$(query));
    advance(5);
    expect([connections.log, late.log]).to.deep.equal([[], []]);
    advance(7);
    expect(connections.values).to.have.length(1);
    expect(
      at(1)
        .sent.slice(1)
        .map(({ id }) => id),
    ).to.deep.equal(['2', '3']);
  });

  test('is not listened to any more', () => {
    const silent = { keepAliveTimeout: 20, closeTimeout: 100 };
    const { at, stream } = subscribed(bench(silent, accepts(), accepts()));
    advance(2);
    at(0).ignoreClose();
    advance(33);
    expect(at(1).sent[1]).to.deep.equal(current.subscribe('2', { query }));
    at(0).send(current.next('1', { data: 'old' }), current.next('2', { data: 'old' }), 'no JSON');
    at(0).fail(new Error('late'));
    at(0).close(4409);
    advance(1);
    expect(stream.log).to.deep.equal([]);
    at(1).send(current.next('2', { data: 'new' }));
    expect(stream.values).to.deep.equal(['new']);
  });
});

const CLOSING = 2;

describe('a socket whose end has begun', () => {
  test('is sent nothing, and nothing is said to have been sent', () => {
    const { socket, at, sockets } = bench({}, accepts(), accepts());
    const sent: string[] = [];
    socket.events$.subscribe((event) => {
      if (event.type === 'sent') sent.push(event.message.type);
    });
    record(socket.connection$);
    advance(2);
    sockets[0]!.readyState = CLOSING;
    record(socket.mutate$('mutation { a }', { sendWithin: 1_000 }));
    advance(100);
    expect(sent).to.deep.equal(['init']);
    at(0).close(1001, '');
    advance(20);
    expect(at(1).sent.map(({ type }) => type)).to.deep.equal(['connection_init', 'subscribe']);
  });

  test('does not count as sent within the time given, and it never is', () => {
    const { socket, at, sockets } = bench({}, accepts(), accepts());
    record(socket.connection$);
    advance(2);
    sockets[0]!.readyState = CLOSING;
    const mutation = record(socket.mutate$('mutation { a }', { sendWithin: 50, resend: true }));
    advance(60);
    expect(mutation.error).to.include({ name: 'ConnectionError' });
    at(0).close(1001, '');
    advance(30);
    expect(at(1).sent.map(({ type }) => type)).to.deep.equal(['connection_init']);
  });

  test('takes no operation of its connection', () => {
    const { socket, sockets } = bench();
    const held = record(socket.connection$);
    advance(2);
    sockets[0]!.readyState = CLOSING;
    const late = record(held.values[0]!.execute('mutation { a }'));
    advance(1);
    expect(late.error).to.include({ name: 'ConnectionClosedError' });
  });
});

const answers =
  (statusCode: number, header?: string): Move =>
  (peer) => {
    const headers = header === undefined ? {} : { 'retry-after': header };
    timer(1).subscribe(() => {
      peer.emit('unexpected-response', {}, { statusCode, headers });
      peer.fail(new Error('not upgraded'));
    });
  };

describe('Retry-After', () => {
  for (const status of [429, 503])
    test(`is waited for after HTTP ${String(status)}, and then the backoff`, () => {
      const { socket, peers } = wsBench({}, answers(status, '7'), accepts());
      const states = record(socket.status$);
      record(socket.subscribe$(query));
      advance(1);
      const waiting = states.values.at(-1);
      expect(waiting).to.include({ state: 'waiting', delay: 7_010, until: 7_011 });
      expect(waiting).to.have.nested.property('error.status', status);
      expect(waiting).to.have.nested.property('error.retryAfter', 7_000);
      advance(7_009);
      expect(peers).to.have.length(1);
      advance(1);
      expect(peers).to.have.length(2);
    });

  test('is not cut short by a wake', () => {
    const wake = new Subject<void>();
    const retry = { delay: 60_000, wake };
    const { peers } = subscribed(wsBench({ retry }, answers(503, '7'), accepts()));
    advance(7_000);
    wake.next();
    advance(2);
    expect(peers).to.have.length(1);
    wake.next();
    expect(peers).to.have.length(2);
  });

  for (const [what, script] of [
    ['of another status', answers(500, '7')],
    ['without sense', answers(503, 'soon')],
    ['that is absent', answers(503)],
  ] as const)
    test(`${what} is nothing`, () => {
      const { socket, peers } = wsBench({}, script, accepts());
      const states = record(socket.status$);
      record(socket.subscribe$(query));
      advance(1);
      expect(states.values.at(-1)).to.include({ state: 'waiting', delay: 10 });
      expect(states.values.at(-1)).to.not.have.nested.property('error.retryAfter');
      advance(10);
      expect(peers).to.have.length(2);
    });

  for (const retry of [false, {}] as const)
    test(`is waited for by who comes after all have left, with retry: ${JSON.stringify(retry)}`, () => {
      const { socket, peers } = wsBench({ retry }, answers(503, '120'), accepts());
      const first = record(socket.subscribe$(query));
      advance(5);
      first.unsubscribe();
      for (let turn = 0; turn < 10; turn += 1) {
        const stream = record(socket.subscribe$(query));
        advance(10_000);
        stream.unsubscribe();
      }
      expect(peers).to.have.length(1);
      record(socket.subscribe$(query));
      advance(30_000);
      expect(peers).to.have.length(2);
    });
});
