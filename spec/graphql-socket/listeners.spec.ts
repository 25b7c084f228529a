import { expect } from 'chai';
import { describe } from 'mocha';
import { finalize, map, merge, take } from 'rxjs';
import { record as recordFrames } from 'rx-graphql-ws/testing';
import { bench, subscribed } from '../helpers/bench.js';
import { accepts, ends, refuses } from '../helpers/scripted.js';
import { advance, record, test, unhandled } from '../helpers/test.js';
import { current } from '../helpers/wire.js';

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
    test(`${name}: forty thousand take four times the work of ten thousand`, () => {
      const searched = [10_000, 40_000].map((count) => {
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
      expect(few).to.be.at.most(20 * 10_000);
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
