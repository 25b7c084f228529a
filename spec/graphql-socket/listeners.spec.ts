import { expect } from 'chai';
import { describe } from 'mocha';
import { finalize, map, merge, type Observable } from 'rxjs';
import { record as recordFrames } from 'rx-graphql-ws/testing';
import type { GraphQLSocket } from 'rx-graphql-ws';
import { bench } from '../helpers/bench.js';
import { accepts, refuses } from '../helpers/scripted.js';
import { advance, record, test, unhandled } from '../helpers/test.js';

const query = 'subscription { a }';

describe('listeners, one of which changes the state', () => {
  test('of status$ all see every state in order, and then the end', () => {
    const { socket } = bench();
    const before = record(socket.status$.pipe(map(({ state }) => state)));
    socket.status$.subscribe(({ state }) => {
      if (state === 'connected') socket.close();
    });
    const after = record(socket.status$.pipe(map(({ state }) => state)));
    record(socket.subscribe$(query));
    advance(10);
    const states = ['idle', 'connecting', 'connected', 'closed'];
    expect([before.values, after.values]).to.deep.equal([states, states]);
    expect([before.log.at(-1), after.log.at(-1)]).to.deep.equal([
      [3, 'complete'],
      [3, 'complete'],
    ]);
  });

  test('of status$: whoever comes meanwhile begins with the present state, and sees it once', () => {
    const { socket } = bench();
    const late: string[] = [];
    socket.status$.subscribe(({ state }) => {
      if (state !== 'connected') return;
      socket.close();
      socket.status$.subscribe((status) => late.push(status.state));
    });
    record(socket.subscribe$(query));
    advance(10);
    expect(late).to.deep.equal(['closed']);
  });

  test('of events$ all see every event in order', () => {
    const { socket, at } = bench();
    const types = map(({ type }: { type: string }) => type);
    const before = record(socket.events$.pipe(types));
    socket.events$.subscribe(({ type }) => {
      if (type === 'acknowledged') socket.close();
    });
    const after = record(socket.events$.pipe(types));
    record(socket.subscribe$(query));
    advance(10);
    expect(at(0).closes).to.have.length(1);
    expect(after.values).to.deep.equal(before.values);
    expect(after.values[0]).to.equal('opened');
    expect(after.values.at(-1)).to.equal('closed');
    expect([before.log.at(-1)?.[1], after.log.at(-1)?.[1]]).to.deep.equal(['complete', 'complete']);
  });

  test('of both see states and events in the order in which they came', () => {
    const { socket } = bench();
    socket.status$.subscribe(({ state }) => {
      if (state === 'connected') socket.close();
    });
    const both = record(
      merge(
        socket.status$.pipe(map(({ state }) => state)),
        socket.events$.pipe(map(({ type }) => type)),
      ),
    );
    const lines = record(recordFrames(socket).pipe(map((line) => JSON.parse(line) as object)));
    record(socket.subscribe$(query));
    advance(10);
    expect(both.values.slice(-3)).to.deep.equal(['connected', 'closed', 'closed']);
    expect(lines.values.slice(-3).map((line) => Object.keys(line).at(-1))).to.deep.equal([
      'status',
      'status',
      'reason',
    ]);
    expect(lines.values.at(-3)).to.include({ status: 'connected' });
    expect(lines.log.at(-1)?.[1]).to.equal('complete');
  });

  test('of the messages of a connection all see every message in order', () => {
    const { socket, at } = bench();
    const seen: string[][] = [[], []];
    socket.connection$.subscribe(({ messages$ }) => {
      for (const list of seen)
        messages$.subscribe(({ type }) => {
          list.push(type);
          if (type === 'ping' && list === seen[0]) at(0).send({ type: 'pong' });
        });
    });
    advance(2);
    at(0).send({ type: 'ping' });
    expect(seen).to.deep.equal([
      ['ping', 'pong'],
      ['ping', 'pong'],
    ]);
  });
});

describe('a listener that throws', () => {
  for (const name of ['status$', 'events$'] as const)
    test(`on ${name}, in next or at the end, stops no other, and close() does not throw`, () => {
      const reported = unhandled();
      const { socket } = bench();
      const throwing = (): never => {
        throw new Error('mine');
      };
      socket[name as 'status$'].pipe(finalize(throwing)).subscribe(throwing);
      const other = record(socket[name as 'status$']);
      record(socket.subscribe$(query));
      advance(2);
      const before = other.values.length;
      socket.close();
      advance(10);
      expect(other.values.length).to.be.greaterThan(before);
      expect(other.log.at(-1)?.[1]).to.equal('complete');
      expect(reported).to.not.be.empty;
    });
});

describe('listeners that leave', () => {
  for (const name of ['status$', 'events$'] as const)
    test(`${name}: four thousand take four times the work of one thousand`, () => {
      const searched = [1_000, 4_000].map((count) => {
        const { socket } = bench();
        const listeners = Array.from({ length: count }, () =>
          socket[name as 'status$'].subscribe(),
        );
        // in both orders, because a search may begin at either end
        const last = listeners.splice(count / 2);
        return countSearched(() => {
          for (const listener of [...listeners.reverse(), ...last]) listener.unsubscribe();
        });
      });
      const [few = 0, many = 0] = searched;
      expect(few).to.be.at.most(20 * 1_000);
      expect(many).to.be.at.most(4 * few);
    });
});

/** How many elements are looked at in order to find, or to move over, one that leaves. */
function countSearched(work: () => void): number {
  const { indexOf, splice } = Array.prototype;
  let searched = 0;
  const counting = <F extends (...given: never[]) => unknown>(method: F) =>
    function (this: unknown[], ...given: Parameters<F>) {
      searched += this.length;
      return method.apply(this, given);
    } as unknown as F;
  Object.assign(Array.prototype, { indexOf: counting(indexOf), splice: counting(splice) });
  try {
    work();
  } finally {
    Object.assign(Array.prototype, { indexOf, splice });
  }
  return searched;
}

type Ask = (socket: GraphQLSocket) => Observable<unknown>;

const asks: [what: string, Ask][] = [
  ['an operation', (socket) => socket.subscribe$(query)],
  ['a shared operation', (socket) => socket.subscribe$(query, { share: true })],
  ['connection$', (socket) => socket.connection$],
];

describe('a listener that subscribes when it is told of a fatal end starts afresh', () => {
  for (const [what, ask] of asks)
    for (const [whose, lasting] of asks) {
      test(`in \`failed\`: ${what}, where ${whose} fails`, () => {
        const { socket, peers, live } = bench({ retry: false }, refuses, accepts());
        let again: ReturnType<typeof record> | undefined;
        socket.status$.subscribe(({ state }) => {
          if (state === 'failed') again ??= record(ask(socket));
        });
        const states = record(socket.status$.pipe(map(({ state }) => state)));
        const first = record(lasting(socket));
        advance(1);
        expect(first.log).to.deep.equal([[1, 'error', 'ConnectionError']]);
        expect(again?.log).to.deep.equal([]);
        advance(5);
        expect([peers.length, live().length]).to.deep.equal([2, 1]);
        expect(again?.log.map((entry) => entry[1])).to.not.include('error');
        expect(states.values).to.deep.equal([
          ...['idle', 'connecting', 'failed', 'connecting', 'connected'],
        ]);
        again?.unsubscribe();
        advance(5);
        expect([live().length, states.values.at(-1)]).to.deep.equal([0, 'idle']);
      });

      test(`in the error of connection$: ${what}, where ${whose} fails beside it`, () => {
        const { socket, peers, live } = bench({ retry: false }, refuses, accepts());
        let again: ReturnType<typeof record> | undefined;
        socket.connection$.subscribe({ error: () => (again = record(ask(socket))) });
        const beside = record(lasting(socket));
        advance(1);
        expect(beside.log).to.deep.equal([[1, 'error', 'ConnectionError']]);
        expect(again?.log).to.deep.equal([]);
        advance(5);
        expect([peers.length, live().length]).to.deep.equal([2, 1]);
        expect(record(socket.status$).values[0]).to.include({ state: 'connected' });
        again?.unsubscribe();
        advance(5);
        expect(live()).to.have.length(0);
      });
    }

  test('and is told of what ended the run before, as a reason for fresh credentials', () => {
    const asked: unknown[] = [];
    const connectionParams = ({ error }: { error?: { name: string } | undefined }) => {
      asked.push(error?.name);
      return {};
    };
    const { socket } = bench({ retry: false, connectionParams }, refuses, accepts());
    let again = 0;
    socket.status$.subscribe(({ state }) => {
      if (state === 'failed' && (again += 1) === 1) record(socket.subscribe$(query));
    });
    record(socket.subscribe$(query));
    advance(5);
    expect(asked).to.deep.equal([undefined, 'ConnectionError']);
  });

  test('also where the dial of it must wait for its turn', () => {
    const { socket, peers } = bench({ retry: false }, refuses, refuses, refuses, accepts());
    const again: unknown[] = [];
    socket.status$.subscribe(({ state }) => {
      if (state === 'failed') again.push(record(socket.subscribe$(query)));
    });
    record(socket.subscribe$(query));
    advance(1_100);
    expect([peers.length, again.length]).to.deep.equal([4, 3]);
    expect(record(socket.status$).values[0]).to.include({ state: 'connected' });
  });
});
