import { expect } from 'chai';
import { describe } from 'mocha';
import { bench, subscribed } from '../helpers/bench.js';
import { accepts } from '../helpers/scripted.js';
import { advance, record, test, timers } from '../helpers/test.js';
import { current, protocols } from '../helpers/wire.js';

const subscription = 'subscription { a }';

for (const wire of protocols)
  describe(`close() on ${wire.subprotocol}`, () => {
    test('completes subscriptions, errors the rest, tells the server in order, and closes with 1000', () => {
      const { socket, at, peers } = bench({}, accepts(wire.subprotocol));
      const streams = [
        record(socket.subscribe$(subscription)),
        record(socket.query$('{ a }')),
        record(socket.mutate$('mutation { a }')),
        record(socket.subscribe$(subscription)),
        record(socket.connection$),
      ];
      advance(2);
      at(0).send(wire.next('1', { data: 1 }));
      socket.close();
      expect(streams.map(({ log }) => log.at(-1)?.slice(1))).to.deep.equal([
        ['complete'],
        ['error', 'SocketDisposedError'],
        ['error', 'ConnectionLostError'],
        ['complete'],
        ['complete'],
      ]);
      expect(streams[2]?.error).to.include({ operationId: '3' });
      expect(at(0).sent.slice(5)).to.deep.equal([
        ...['1', '2', '3', '4'].map(wire.stop),
        ...wire.goodbye,
      ]);
      expect(at(0).closes).to.deep.equal([{ at: 2, code: 1000, reason: '' }]);
      advance(10_000);
      expect([peers.length, timers()]).to.deep.equal([1, 0]);
    });

    test('says nothing of operations that have ended', () => {
      const { socket, at } = bench({}, accepts(wire.subprotocol));
      const left = record(socket.subscribe$(subscription));
      const answered = record(socket.execute$('{ a }'));
      advance(2);
      left.unsubscribe();
      at(0).send(wire.next('2', { data: 1 }));
      socket.close();
      expect(answered.log.at(-1)).to.deep.equal([2, 'complete']);
      const stops = [wire.stop('1'), wire.stop('2')];
      expect(at(0).sent.slice(3)).to.deep.equal([...stops, ...wire.goodbye]);
    });
  });

describe('close()', () => {
  test('takes subscriptions and mutations for what they are, whatever `resend` says', () => {
    const { socket } = bench();
    const once = record(socket.subscribe$(subscription, { resend: false }));
    const query = record(socket.query$('{ a }', { resend: false }));
    const again = record(socket.mutate$('mutation { a }', { resend: true }));
    advance(2);
    socket.close();
    expect(once.log).to.deep.equal([[2, 'complete']]);
    expect(query.error).to.include({ name: 'SocketDisposedError' });
    expect(again.error).to.include({ name: 'ConnectionLostError', operationId: '3' });
  });

  test('is done once, however often it is called', () => {
    const { socket, at } = bench();
    const states = record(socket.status$);
    record(socket.subscribe$(subscription));
    advance(2);
    socket.close();
    socket.close();
    socket[Symbol.dispose]();
    advance(5);
    socket.close();
    expect(at(0).closes).to.have.length(1);
    expect(states.values.filter(({ state }) => state === 'closed')).to.have.length(1);
  });

  test('silences frames that come after it, in the same tick and while the socket closes', () => {
    const { socket, at, stream } = subscribed(bench());
    const seen: unknown[] = [];
    socket.subscribe$(subscription).subscribe((value) => {
      seen.push(value);
      socket.close();
    });
    advance(2);
    at(0).send(...[1, 2].map((n) => current.next('2', { data: n })), current.next('1', {}));
    at(0).send(current.next('1', { data: 1 }), 'no JSON', { type: 'ping' });
    advance(1);
    expect([seen, stream.log]).to.deep.equal([[1], [[2, 'complete']]]);
    const types = at(0).sent.map(({ type }) => type);
    expect(types.slice(3)).to.deep.equal(['complete', 'complete']);
  });

  for (const [ms, closeTimeout] of [
    [50, 50],
    [3_000, undefined],
  ] as const)
    test(`drops a socket whose peer does not answer within closeTimeout: ${closeTimeout}`, () => {
      const { socket, at } = subscribed(bench({ closeTimeout }));
      const states = record(socket.status$);
      advance(2);
      at(0).ignoreClose();
      socket.close();
      advance(ms - 1);
      expect(states.log.at(-1)?.[1]).to.include({ state: 'closed' });
      advance(1);
      expect(states.log.at(-1)).to.deep.equal([ms + 2, 'complete']);
      expect(timers()).to.equal(0);
    });

  test('lets status$ tell that it is closed, complete when the last socket has closed, and say so ever after', () => {
    const { socket } = bench();
    const [states, events] = [record(socket.status$), record(socket.events$)];
    record(socket.subscribe$(subscription));
    advance(2);
    socket.close();
    expect(states.log.at(-1)).to.deep.equal([2, { state: 'closed', since: 2 }]);
    advance(1);
    expect(states.log.at(-1)).to.deep.equal([3, 'complete']);
    expect(
      events.log.slice(-2).map(([at, what]) => [at, (what as { type?: string }).type ?? what]),
    ).to.deep.equal([
      [3, 'closed'],
      [3, 'complete'],
    ]);
    expect(record(socket.status$).log).to.deep.equal([
      [3, { state: 'closed', since: 2 }],
      [3, 'complete'],
    ]);
    expect(record(socket.events$).log).to.deep.equal([[3, 'complete']]);
  });

  test('waits for a socket that was left before it, too', () => {
    const { socket, at } = bench({ closeTimeout: 50 });
    const states = record(socket.status$);
    const stream = record(socket.subscribe$(subscription));
    advance(2);
    at(0).ignoreClose();
    stream.unsubscribe();
    advance(10);
    socket.close();
    expect(states.log.at(-1)?.[1]).to.include({ state: 'closed' });
    advance(40);
    expect(states.log.at(-1)).to.deep.equal([52, 'complete']);
  });
});
