import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Observable } from 'rxjs';
import { config } from 'rxjs';
import { bench } from '../helpers/bench.js';
import { accepts } from '../helpers/scripted.js';
import { advance, record, test } from '../helpers/test.js';
import { virtually } from '../helpers/virtually.js';
import { complete, current, failure } from '../helpers/wire.js';

const query = 'subscription { a }';
const throwing = (): never => {
  throw new Error('db password=hunter2');
};

describe('a consumer', () => {
  test('may subscribe in next, in error and in complete', () => {
    const { socket, at, peers } = bench();
    const seen: unknown[] = [];
    const again = () => void socket.subscribe$(query).subscribe((value) => seen.push(value));
    const error = () => again();
    socket.subscribe$(query).subscribe({ next: again, error, complete: again });
    socket.subscribe$(query).subscribe({ next: again, error, complete: again });
    advance(2);
    at(0).send(current.next('1', { data: 1 }), complete('1'), failure('2', 'no'));
    const ids = at(0)
      .sent.slice(1)
      .map(({ id }) => id);
    expect(ids).to.deep.equal(['1', '2', '3', '4', '5']);
    at(0).send(...['3', '4', '5'].map((id) => current.next(id, { data: id })));
    expect(seen).to.deep.equal(['3', '4', '5']);
    expect(peers).to.have.length(1);
  });

  test('may subscribe when it is told of a fatal end: the socket object dials anew', () => {
    const { socket, at, peers, live } = bench();
    const seen: unknown[] = [];
    socket.subscribe$(query).subscribe({
      error: () => socket.subscribe$(query).subscribe((value) => seen.push(value)),
    });
    const beside = record(socket.subscribe$(query));
    advance(2);
    at(0).close(4409);
    advance(0);
    expect(beside.error).to.include({ code: 4409 });
    advance(2);
    expect([peers.length, live().length]).to.deep.equal([2, 1]);
    at(1).send(current.next('3', { data: 1 }));
    expect(seen).to.deep.equal([1]);
    expect(record(socket.status$).values[0]).to.include({ state: 'connected' });
  });

  test('may subscribe when it is told that nobody is there any more', () => {
    const { socket, peers, at } = bench();
    const first = record(socket.subscribe$(query));
    advance(2);
    const seen: unknown[] = [];
    let idle = 0;
    socket.status$.subscribe(({ state }) => {
      if (state !== 'idle' || (idle += 1) > 1) return;
      socket.subscribe$(query).subscribe((value) => seen.push(value));
    });
    first.unsubscribe();
    advance(3);
    expect(peers).to.have.length(2);
    at(1).send(current.next('2', { data: 1 }));
    expect(seen).to.deep.equal([1]);
    expect(record(socket.connection$).values).to.have.length(1);
  });

  test('may subscribe to a connection when it is told of one', () => {
    const { socket, at } = bench();
    const seen: unknown[] = [];
    socket.connection$.subscribe((connection) => {
      connection.execute('{ a }').subscribe(({ text }) => seen.push(text));
      socket.subscribe$(query).subscribe();
    });
    advance(2);
    at(0).send(current.next('1', { data: 1 }));
    expect(seen).to.deep.equal(['{"data":1}']);
    expect(at(0).sent.map(({ type }) => type)).to.deep.equal([
      'connection_init',
      'subscribe',
      'subscribe',
    ]);
  });

  test('may unsubscribe the others in next', () => {
    const { socket, at } = bench();
    const others = [record(socket.subscribe$(query)), record(socket.subscribe$(query))];
    socket.subscribe$(query).subscribe(() => {
      for (const { unsubscribe } of others) unsubscribe();
    });
    advance(2);
    at(0).send(current.next('3', { data: 1 }), current.next('1', { data: 1 }));
    expect(others.map(({ log }) => log)).to.deep.equal([[], []]);
  });
});

describe('a consumer that throws', () => {
  /** Runs with a consumer that throws in one of its callbacks, beside one that does not. */
  const beside = (where: 'next' | 'error' | 'complete', reports: number) => () => {
    const reported: unknown[] = [];
    let log: readonly unknown[][] = [];
    let sent: readonly unknown[] = [];
    virtually(({ record, advance }) => {
      config.onUnhandledError = (error: Error) => reported.push(error.message);
      const { socket, at } = bench();
      const handlers = { next: () => undefined, error: () => undefined, complete: () => undefined };
      socket.subscribe$(query).subscribe({ ...handlers, [where]: throwing });
      socket.subscribe$(query).subscribe({ ...handlers, [where]: throwing });
      const neighbour = record(socket.subscribe$(query));
      advance(2);
      at(0).send(current.next('1', { data: 1 }), current.next('3', { data: 1 }));
      at(0).send(complete('1'), failure('2', 'no'), current.next('3', { data: 2 }));
      advance(10);
      expect(at(0).closes).to.deep.equal([]);
      log = neighbour.log;
      sent = at(0).sent;
      socket.close();
    })();
    expect(reported).to.deep.equal(Array<string>(reports).fill('db password=hunter2'));
    expect(log.slice(0, 2)).to.deep.equal([
      [2, 1],
      [2, 2],
    ]);
    expect(JSON.stringify(sent)).to.not.include('hunter2');
  };

  it('in next is reported by RxJS, and by nobody else', beside('next', 1));
  it('in error is reported by RxJS, and by nobody else', beside('error', 1));
  it('in complete is reported by RxJS, and by nobody else', beside('complete', 1));

  it('in next gets the values that follow', () => {
    const seen: unknown[] = [];
    virtually(({ advance }) => {
      config.onUnhandledError = () => undefined;
      const { socket, at } = bench();
      socket.subscribe$(query).subscribe((value) => {
        seen.push(value);
        throwing();
      });
      advance(2);
      at(0).send(current.next('1', { data: 1 }), current.next('1', { data: 2 }));
      advance(10);
      socket.close();
    })();
    expect(seen).to.deep.equal([1, 2]);
  });

  for (const name of ['status$', 'events$', 'connection$'] as const)
    it(`on ${name} harms nobody`, () => {
      const reported: unknown[] = [];
      virtually(({ record, advance }) => {
        config.onUnhandledError = (error: unknown) => reported.push(error);
        const { socket, at } = bench({}, accepts());
        (socket[name] as Observable<unknown>).subscribe(throwing);
        const stream = record(socket.subscribe$(query));
        advance(2);
        at(0).send(current.next('1', { data: 1 }));
        expect(stream.values).to.deep.equal([1]);
        socket.close();
      })();
      expect(reported).to.not.be.empty;
    });
});
