import { expect } from 'chai';
import { describe } from 'mocha';
import type { Observable } from 'rxjs';
import { EMPTY, from, map, NEVER, timer } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import type { RetryOptions } from '../../lib/connection/reconnect/reconnect.js';
import { reconnect } from '../../lib/connection/reconnect/reconnect.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import type { ServerMessage } from '../../lib/protocol/codec.js';
import { fakeConnection, payload } from '../helpers/fake-connection.js';
import { advance, cold, record, test, timers } from '../helpers/test.js';

const lost = new ConnectionClosedError(1006, '', false);
const result: ServerMessage = { type: 'next', id: '1', payload: payload({ data: 1 }) };

/** The waits of the stage, attempt by attempt. */
function waits(source$: Observable<Connection>, options: RetryOptions = {}) {
  const attempts: number[] = [];
  const delay = (_error: unknown, attempt: number) => {
    attempts.push(attempt);
    return 1;
  };
  return { attempts, connection$: source$.pipe(reconnect({ ...options, delay })) };
}

describe('attempts', () => {
  test('counts its attempts from 1, and starts over for each subscriber', () => {
    const { attempts, connection$ } = waits(cold<Connection>('-#', undefined, lost), { count: 3 });
    const first = record(connection$);
    advance(5_000);
    expect(first.error).to.equal(lost);
    const second = record(connection$);
    advance(5_000);
    expect(second.error).to.equal(lost);
    expect(attempts).to.deep.equal([1, 2, 3, 1, 2, 3]);
  });
});

describe('resetAfter', () => {
  const losing =
    (marbles: string, expected: readonly number[], told$: Observable<ServerMessage> = NEVER) =>
    () => {
      const source$ = cold(marbles, { c: fakeConnection(told$) }, lost);
      const { attempts, connection$ } = waits(source$, { resetAfter: 20 });
      const retried = record(connection$);
      // the fourth dial is a second later than the first
      advance(1_098);
      retried.unsubscribe();
      expect(attempts).to.deep.equal(expected);
    };

  test(
    'begins the count anew once a connection was stable for so long',
    losing('c 20ms #', [1, 1, 1, 1]),
  );
  test('counts on after an ack alone', losing('c 18ms #', [1, 2, 3, 4]));
  test(
    'begins anew at the first result',
    losing('c 18ms #', [1, 1, 1, 1], timer(5).pipe(map(() => result))),
  );

  test('is 5 s by default, and other messages than results do not shorten it', () => {
    const talk$ = from<ServerMessage[]>([{ type: 'ping' }, { type: 'error', id: '1', errors: [] }]);
    const c = fakeConnection(talk$);
    for (const [marbles, expected] of [
      ['c 4998ms #', [1, 2, 3]],
      ['c 5000ms #', [1, 1, 1]],
    ] as const) {
      const { attempts, connection$ } = waits(cold(marbles, { c }, lost));
      const retried = record(connection$);
      advance(15_010);
      retried.unsubscribe();
      expect(attempts.slice(0, 3)).to.deep.equal(expected);
    }
  });

  test('sets no timer beyond the connection', () => {
    const source$ = cold('c-#', { c: fakeConnection() }, lost);
    const retried = record(source$.pipe(reconnect({ count: 0, resetAfter: 1_000 })));
    advance(3);
    expect(retried.error).to.equal(lost);
    expect(timers()).to.equal(0);
  });

  test('counts from the connection even where its messages have ended', () => {
    const c = fakeConnection(EMPTY);
    const { attempts, connection$ } = waits(cold('c 30ms #', { c }, lost), { resetAfter: 20 });
    const retried = record(connection$);
    advance(70);
    expect(attempts).to.deep.equal([1, 1]);
    retried.unsubscribe();
    expect(timers()).to.equal(0);
  });
});
