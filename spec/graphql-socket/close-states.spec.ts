import { expect } from 'chai';
import { describe } from 'mocha';
import { NEVER } from 'rxjs';
import type { GraphQLSocketConfig } from '../../lib/config.js';
import { bench } from '../helpers/bench.js';
import type { Script } from '../helpers/scripted.js';
import { accepts, opensOnly, refuses } from '../helpers/scripted.js';
import { advance, record, test, timers } from '../helpers/test.js';
import { current } from '../helpers/wire.js';

const subscription = 'subscription { a }';

/** Closes the socket object after `ms`, with one of each operation that was not sent: nothing is left, and nothing was sent. */
const closed =
  (
    ms: number,
    sent: readonly string[],
    config: Partial<GraphQLSocketConfig> = {},
    ...scripts: Script[]
  ) =>
  () => {
    const { socket, live, messages, peers } = bench(config, ...scripts);
    const states = record(socket.status$);
    const streams = [
      record(socket.subscribe$(subscription)),
      record(socket.query$('{ a }')),
      record(socket.mutate$('mutation { a }')),
      record(socket.connection$),
    ];
    advance(ms);
    const dialled = peers.length;
    socket.close();
    expect(streams.map(({ log }) => log.map(([, ...what]) => what))).to.deep.equal([
      [['complete']],
      [['error', 'SocketDisposedError']],
      [['error', 'SocketDisposedError']],
      [['complete']],
    ]);
    advance(5);
    expect(messages().map(({ type }) => type)).to.deep.equal(sent);
    expect([live().length, timers(), peers.length]).to.deep.equal([0, 0, dialled]);
    expect(
      states.log.slice(-2).map(([, what]) => (what as { state?: string }).state ?? what),
    ).to.deep.equal(['closed', 'complete']);
  };

describe('close()', () => {
  test('while the url is awaited', closed(5, [], { url: () => NEVER }));
  test(
    'at the moment of the dial',
    closed(0, [], {}, () => undefined),
  );
  test(
    'while dialling',
    closed(5, [], {}, () => undefined),
  );
  test('while the ack is awaited', closed(5, ['connection_init'], {}, opensOnly));
  test(
    'while a legacy ack is awaited',
    closed(5, ['connection_init', 'connection_terminate'], {}, (peer) => {
      accepts('graphql-ws')(peer);
      delete peer.replies.connection_init;
    }),
  );
  test('in a backoff', closed(5, [], { retry: { delay: 1_000 } }, refuses));
  test(
    'in a backoff that an Observable decides',
    closed(5, [], { retry: { delay: () => NEVER } }, refuses),
  );

  test('of a socket object that was never used', () => {
    const { socket, peers } = bench();
    const states = record(socket.status$);
    socket.close();
    expect(states.log).to.deep.equal([
      [0, { state: 'idle', since: 0 }],
      [0, { state: 'closed', since: 0 }],
      [0, 'complete'],
    ]);
    expect([peers.length, timers()]).to.deep.equal([0, 0]);
  });

  test('of one that has failed', () => {
    const { socket, at } = bench();
    const stream = record(socket.subscribe$(subscription));
    advance(2);
    at(0).close(4409);
    advance(0);
    socket.close();
    advance(0);
    expect(stream.log).to.deep.equal([[2, 'error', 'ConnectionClosedError']]);
    expect(record(socket.status$).log.map(([, what]) => what)).to.deep.equal([
      { state: 'closed', since: 2 },
      'complete',
    ]);
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

  test('in a backoff with an operation that was under way: what was lost is lost', () => {
    const { socket, at } = bench();
    const [subscription$, query, mutation] = [
      record(socket.subscribe$(subscription)),
      record(socket.query$('{ a }')),
      record(socket.mutate$('mutation { a }')),
    ];
    advance(2);
    at(0).close(1006);
    advance(0);
    socket.close();
    advance(0);
    expect(subscription$.log).to.deep.equal([[2, 'complete']]);
    expect(query.error).to.include({ name: 'SocketDisposedError' });
    expect(mutation.error).to.include({ name: 'ConnectionLostError' });
    expect(timers()).to.equal(0);
  });

  for (const where of ['next', 'error', 'complete'] as const)
    test(`inside ${where}`, () => {
      const { socket, at } = bench();
      const beside = [record(socket.subscribe$(subscription)), record(socket.query$('{ a }'))];
      socket
        .subscribe$(subscription)
        .subscribe({ error: () => undefined, [where]: () => socket.close() });
      advance(2);
      at(0).send(
        where === 'next' ? current.next('3', { data: 1 }) : { type: where, id: '3', payload: [] },
      );
      expect(beside.map(({ log }) => log[0]?.[1])).to.deep.equal(['complete', 'error']);
      advance(1);
      expect(at(0).closes).to.deep.equal([{ at: 2, code: 1000, reason: '' }]);
      expect(timers()).to.equal(0);
    });

  for (const state of ['connecting', 'connected', 'waiting', 'failed', 'idle', 'closed'])
    test(`inside status$, at ${state}`, () => {
      const { socket, live } = bench({ retry: { delay: 10, count: 1 } }, accepts(), refuses);
      const states: string[] = [];
      socket.status$.subscribe((status) => {
        states.push(status.state);
        if (status.state === state && (state !== 'idle' || states.length > 1)) socket.close();
      });
      const stream = record(socket.subscribe$(subscription));
      advance(3);
      if (state === 'idle') stream.unsubscribe();
      if (state === 'closed') socket.close();
      live()[0]?.close(1006);
      advance(50);
      expect(states.at(-1)).to.equal('closed');
      expect([live().length, timers()]).to.deep.equal([0, 0]);
    });
});
