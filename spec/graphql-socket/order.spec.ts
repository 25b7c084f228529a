import { expect } from 'chai';
import { describe } from 'mocha';
import { throwError } from 'rxjs';
import { reconnect } from '../../lib/index.js';
import { bench, subscribed } from '../helpers/bench.js';
import { accepts, opens } from '../helpers/scripted.js';
import { advance, cold, record, test, timers } from '../helpers/test.js';
import { current, legacy, protocols } from '../helpers/wire.js';

/** Writes down what is told, by whomever. */
function chronicle({ socket }: ReturnType<typeof bench>) {
  const log: string[] = [];
  socket.events$.subscribe((event) =>
    log.push('message' in event ? `${event.type} ${event.message.type}` : event.type),
  );
  socket.status$.subscribe(({ state }) => log.push(`status ${state}`));
  socket.connection$.subscribe({
    next: () => log.push('connection$'),
    error: () => log.push('connection$ errors'),
    complete: () => log.push('connection$ completes'),
  });
  const subscribe = (name: string) =>
    socket.subscribe$(`subscription ${name} { a }`).subscribe({
      next: () => log.push(`${name} next`),
      error: () => log.push(`${name} errors`),
      complete: () => log.push(`${name} completes`),
    });
  return { log, subscribe };
}

describe('the order of things', () => {
  for (const wire of protocols)
    test(`is opened, init, ack, status, connection$, operations, on ${wire.subprotocol}`, () => {
      const bound = bench({}, accepts(wire.subprotocol));
      const { log, subscribe } = chronicle(bound);
      subscribe('A');
      subscribe('B');
      advance(2);
      expect(log).to.deep.equal([
        'status idle',
        'status connecting',
        'opened',
        'sent init',
        'received ack',
        'acknowledged',
        'status connected',
        'connection$',
        'sent subscribe',
        'sent subscribe',
      ]);
      const names = bound.at(0).sent.slice(1) as unknown as { payload: { query: string } }[];
      expect(names.map(({ payload }) => payload.query[13])).to.deep.equal(['A', 'B']);
    });

  test('is that of the subscriptions again after a reconnect, whatever came and went', () => {
    const bound = bench();
    const { log, subscribe } = chronicle(bound);
    const [, b] = ['A', 'B', 'C'].map(subscribe);
    advance(2);
    b?.unsubscribe();
    subscribe('D');
    log.length = 0;
    bound.at(0).close(1001);
    advance(0);
    subscribe('E');
    advance(12);
    const sent = bound.at(1).sent.slice(1) as unknown as { payload: { query: string } }[];
    expect(sent.map(({ payload }) => payload.query[13])).to.deep.equal(['A', 'C', 'D', 'E']);
    expect(log.slice(0, 9)).to.deep.equal([
      'closed',
      'status waiting',
      'status connecting',
      'opened',
      'sent init',
      'received ack',
      'acknowledged',
      'status connected',
      'connection$',
    ]);
    bound.socket.close();
    advance(1);
    expect(timers()).to.equal(0);
  });

  test('is closed, status failed, streams error, at a fatal end', () => {
    const bound = bench();
    const { log, subscribe } = chronicle(bound);
    subscribe('A');
    advance(2);
    log.length = 0;
    bound.at(0).close(4409, 'taken');
    advance(0);
    expect(log).to.deep.equal(['closed', 'status failed', 'connection$ errors', 'A errors']);
    advance(0);
    expect(timers()).to.equal(0);
  });

  test('is the same at a fatal end before the ack', () => {
    const bound = bench({}, cold('-o-x', { o: opens(), x: (socket) => socket.close(4403) }));
    const { log } = chronicle(bound);
    advance(5);
    expect(log.slice(2)).to.deep.equal([
      'opened',
      'sent init',
      'closed',
      'status failed',
      'connection$ errors',
    ]);
  });
});

describe('the end of a connection', () => {
  test('is closed → failed → error, where no codec speaks what was selected', () => {
    const { socket } = bench(
      { retry: false, subprotocols: ['graphql-ws', 'mqtt'] },
      accepts('mqtt'),
    );
    const seen: string[] = [];
    socket.events$.subscribe(({ type }) => seen.push(type));
    socket.status$.subscribe(({ state }) => seen.push(state));
    socket.subscribe$('subscription { a }').subscribe({ error: () => seen.push('error') });
    advance(10);
    expect(seen.slice(2)).to.deep.equal(['opened', 'closed', 'failed', 'error']);
  });

  test('is not idleness, where the next subscriber comes while it is let go', () => {
    const { socket } = bench({}, accepts(legacy.subprotocol), accepts(legacy.subprotocol));
    const status = record(socket.status$);
    let again = false;
    socket.events$.subscribe((event) => {
      if (again || event.type !== 'sent' || event.message.type !== 'terminate') return;
      again = true;
      record(socket.subscribe$('subscription { b }'));
    });
    const first = record(socket.subscribe$('subscription { a }'));
    advance(2);
    first.unsubscribe();
    advance(10);
    expect(status.values.map(({ state }) => state)).to.deep.equal([
      'idle',
      'connecting',
      'connected',
      'connecting',
      'connected',
    ]);
  });

  test('tells the server of an operation once, whoever else ends it', () => {
    const { socket, at, stream } = subscribed(bench());
    socket.events$.subscribe((event) => {
      if (event.type === 'sent' && event.message.type === 'complete') stream.unsubscribe();
    });
    advance(2);
    socket.close();
    advance(10);
    expect(at(0).sent.filter(({ type }) => type === 'complete')).to.have.lengthOf(1);
  });

  test('is known to the connection before its messages complete', () => {
    const { socket, at } = bench({ retry: false });
    const held = record(socket.connection$);
    advance(2);
    const connection = held.values[0]!;
    let late: ReturnType<typeof record> | undefined;
    connection.messages$.subscribe({
      complete: () => {
        late = record(connection.execute('mutation { a }'));
      },
    });
    at(0).close(1001, '');
    advance(10);
    expect(late?.error).to.include({ name: 'ConnectionClosedError' });
  });

  test('is any error, to the stage alone', () => {
    for (const error of ['boom', 7]) {
      const stream = record(
        throwError(() => error as unknown).pipe(reconnect({ count: 1, delay: 1 }) as never),
      );
      advance(5);
      expect(stream.error).to.equal(error);
    }
  });

  test('of a query whose only result is ignored is the error that was ignored', () => {
    const { socket, at } = bench();
    const query = record(socket.query$('{ a }', { errorPolicy: 'ignore' }));
    advance(2);
    at(0).send(current.next('1', { data: null, errors: [{ message: 'mine' }] }), {
      type: 'complete',
      id: '1',
    });
    advance(1);
    expect(query.error).to.deep.include({ errors: [{ message: 'mine' }] });
    advance(10);
  });
});
