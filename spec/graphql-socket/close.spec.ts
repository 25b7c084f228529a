import { expect } from 'chai';
import { describe } from 'mocha';
import { NEVER } from 'rxjs';
import type { GraphQLSocketConfig } from '../../lib/config.js';
import { bench, subscribed } from '../helpers/bench.js';
import { accepts, opensOnly, refuses, type Script } from '../helpers/scripted.js';
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

const never: Script = () => undefined;

const deaf: Script = (peer) => {
  accepts('graphql-ws')(peer);
  delete peer.replies.connection_init;
};

type State = [when: string, ms: number, sent: string[], Script, Partial<GraphQLSocketConfig>?];

const states: State[] = [
  ['while the url is awaited', 5, [], never, { url: () => NEVER }],
  ['at the moment of the dial', 0, [], never],
  ['while dialling', 5, [], never],
  ['while the ack is awaited', 5, ['connection_init'], opensOnly],
  ['while a legacy ack is awaited', 5, ['connection_init', 'connection_terminate'], deaf],
  ['in a backoff', 5, [], refuses, { retry: { delay: 1_000 } }],
  ['in a backoff that an Observable decides', 5, [], refuses, { retry: { delay: () => NEVER } }],
];

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

  test('of a socket object that was never used', () => {
    const { socket, peers } = bench();
    const told = record(socket.status$);
    socket.close();
    expect(told.log).to.deep.equal([
      [0, { state: 'idle', since: 0 }],
      [0, { state: 'closed', since: 0 }],
      [0, 'complete'],
    ]);
    expect([peers.length, timers()]).to.deep.equal([0, 0]);
  });

  test('of one that has failed', () => {
    const { socket, at, stream } = subscribed(bench());
    advance(2);
    at(0).close(4409);
    advance(0);
    socket.close();
    advance(0);
    expect(stream.log).to.deep.equal([[2, 'error', 'ConnectionClosedError']]);
    const told = record(socket.status$).log.map(([, what]) => what);
    expect(told).to.deep.equal([{ state: 'closed', since: 2 }, 'complete']);
    expect(timers()).to.equal(0);
  });

  test('while it lingers', () => {
    const { socket, at } = bench({ linger: 1_000 });
    record(socket.query$('{ a }'));
    advance(2);
    at(0).send(current.next('1', { data: 1 }));
    advance(5);
    expect(at(0).closes).to.deep.equal([]);
    socket.close();
    expect(at(0).closes).to.deep.equal([{ at: 7, code: 1000, reason: '' }]);
    advance(1);
    expect(timers()).to.equal(0);
  });

  test('in a backoff with an operation that was under way: it was lost before', () => {
    const { socket, at, stream } = subscribed(bench());
    const query = record(socket.query$('{ a }'));
    const mutation = record(socket.mutate$('mutation { a }'));
    advance(2);
    at(0).close(1006);
    advance(0);
    socket.close();
    advance(0);
    expect(stream.log).to.deep.equal([[2, 'complete']]);
    expect(query.error).to.include({ name: 'SocketDisposedError' });
    expect(mutation.error).to.include({ name: 'ConnectionLostError' });
    expect(timers()).to.equal(0);
  });

  for (const where of ['next', 'error', 'complete'] as const)
    test(`inside ${where}`, () => {
      const { socket, at } = bench();
      const beside = [record(socket.subscribe$(subscription)), record(socket.query$('{ a }'))];
      const handlers = { error: () => undefined, [where]: () => socket.close() };
      socket.subscribe$(subscription).subscribe(handlers);
      advance(2);
      at(0).send({ type: where, id: '3', payload: where === 'next' ? { data: 1 } : [] });
      expect(beside.map(({ log }) => log[0]?.[1])).to.deep.equal(['complete', 'error']);
      advance(1);
      expect(at(0).closes).to.deep.equal([{ at: 2, code: 1000, reason: '' }]);
      expect(timers()).to.equal(0);
    });

  for (const where of ['variables', 'generateId'] as const)
    test(`inside ${where} completes the subscription that is being sent, and the others`, () => {
      const close = () => {
        socket.close();
        return {};
      };
      let id = 0;
      const generateId = () => {
        if ((id += 1) === 2 && where === 'generateId') close();
        return String(id);
      };
      const { socket, at } = bench({ generateId });
      const variables = where === 'variables' ? close : undefined;
      const streams = [undefined, variables, undefined].map((variables) =>
        record(socket.subscribe$({ query: subscription, variables })),
      );
      advance(5_000);
      for (const { log } of streams)
        expect(log.map(([, what]) => what)).to.deep.equal(['complete']);
      expect(at(0).sent.map((message) => message.id)).to.not.include('3');
      expect(timers()).to.equal(0);
    });

  test('inside the error of a mutation that a loss has ended is the end of the others', () => {
    const { socket, at } = bench();
    const errors: unknown[] = [];
    socket.mutate$('mutation { a }').subscribe({
      error(error: Error) {
        errors.push(error.name);
        socket.close();
      },
    });
    const stream = record(socket.subscribe$(subscription));
    const query = record(socket.query$('{ c }'));
    advance(5);
    at(0).close();
    advance(5_000);
    expect(errors).to.deep.equal(['ConnectionLostError']);
    expect(stream.log.map(([, what]) => what)).to.deep.equal(['complete']);
    expect(query.error).to.include({ name: 'SocketDisposedError' });
  });

  for (const state of ['idle', 'closed'])
    test(`inside status$, at ${state}`, () => {
      const { socket, live } = bench();
      const told: string[] = [];
      const stream = record(socket.subscribe$(subscription));
      socket.status$.subscribe((status) => {
        told.push(status.state);
        if (status.state === state) socket.close();
      });
      advance(3);
      if (state === 'idle') stream.unsubscribe();
      else socket.close();
      advance(50);
      expect(told.at(-1)).to.equal('closed');
      expect([live().length, timers()]).to.deep.equal([0, 0]);
    });
});

describe('nothing is left, and no operation was sent, after', () => {
  for (const [when, ms, sent, script, config] of states)
    for (const end of ['close()', 'unsubscribing'])
      test(`${end} ${when}`, () => {
        const { socket, live, messages, peers } = bench(config, script);
        const told = record(socket.status$);
        const streams = [
          record(socket.subscribe$(subscription)),
          record(socket.query$('{ a }')),
          record(socket.mutate$('mutation { a }')),
          record(socket.connection$),
        ];
        advance(ms);
        const dialled = peers.length;
        if (end === 'close()') socket.close();
        else for (const { unsubscribe } of streams) unsubscribe();
        const ends = streams.map(({ log }) => log.map(([, ...what]) => what));
        const disposed = [['error', 'SocketDisposedError']];
        expect(ends).to.deep.equal(
          end === 'close()'
            ? [[['complete']], disposed, disposed, [['complete']]]
            : [[], [], [], []],
        );
        advance(5);
        expect(messages().map(({ type }) => type)).to.deep.equal(sent);
        expect([live().length, timers(), peers.length]).to.deep.equal([0, 0, dialled]);
        expect(told.values.at(-1)?.state).to.equal(end === 'close()' ? 'closed' : 'idle');
        expect(told.log.at(-1)?.[1] === 'complete').to.equal(end === 'close()');
      });
});
