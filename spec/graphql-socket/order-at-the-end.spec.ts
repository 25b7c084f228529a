import { expect } from 'chai';
import { describe } from 'mocha';
import { throwError } from 'rxjs';
import { reconnect } from '../../lib/index.js';
import { bench, subscribed } from '../helpers/bench.js';
import { accepts } from '../helpers/scripted.js';
import { advance, record, test } from '../helpers/test.js';
import { current, legacy } from '../helpers/wire.js';

describe('the end of a connection', () => {
  test('is closed → failed → error, where no codec speaks what was selected', () => {
    const { socket } = bench({ retry: false }, accepts('mqtt'));
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
