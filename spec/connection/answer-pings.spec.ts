import { expect } from 'chai';
import { describe } from 'mocha';
import { Subject, throwError } from 'rxjs';
import { adaptConnection } from '../../lib/connection/connection.js';
import { answerPings } from '../../lib/connection/keep-alive/answer-pings.js';
import type { ServerMessage } from '../../lib/protocol/codec.js';
import { fakeConnection } from '../helpers/fake-connection.js';
import { advance, record, test, timers } from '../helpers/test.js';

const ping = (payload: unknown): ServerMessage => ({ type: 'ping', payload });
const pong = (payload: unknown) => ({ type: 'pong', payload });

function pinged() {
  const messages$ = new Subject<ServerMessage>();
  const connection = fakeConnection(messages$);
  const pong$ = answerPings(adaptConnection(connection));
  const flood = (count: number, first = 0) => {
    for (let n = first; n < first + count; n += 1) messages$.next(ping(n));
  };
  return { connection, messages$, flood, pong$ };
}

describe('answerPings', () => {
  test('answers a hundred a second at once, and only the newest of those above when the second is over', () => {
    const { connection, flood, pong$ } = pinged();
    const answers = record(pong$);
    advance(250);
    flood(10_000);
    advance(999);
    expect(connection.sent).to.deep.equal(Array.from({ length: 100 }, (_, n) => pong(n)));
    advance(1);
    expect(connection.sent.slice(100)).to.deep.equal([pong(9_999)]);
    // the next second has begun
    flood(200, 10_000);
    expect(connection.sent).to.have.length(200);
    answers.unsubscribe();
    expect(timers()).to.equal(0);
  });

  test('is ready for a hundred more after a quiet second', () => {
    const { connection, flood, pong$ } = pinged();
    record(pong$);
    for (let second = 1; second <= 3; second += 1) {
      flood(100);
      expect(connection.sent).to.have.length(100 * second);
      advance(1_000);
    }
    expect(timers()).to.equal(0);
  });

  test('answers nothing but pings', () => {
    const { connection, messages$, pong$ } = pinged();
    record(pong$);
    messages$.next({ type: 'pong' });
    messages$.next({ type: 'unknown', frame: '{}' });
    expect(connection.sent).to.deep.equal([]);
  });

  test('ends with the messages, leaving no timer', () => {
    const { flood, messages$, pong$ } = pinged();
    const answers = record(pong$);
    flood(1);
    messages$.complete();
    expect(answers.log).to.deep.equal([[0, 'complete']]);
    expect(timers()).to.equal(0);
    const failed = adaptConnection(fakeConnection(throwError(() => new RangeError())));
    expect(record(answerPings(failed)).log).to.deep.equal([[0, 'error', 'RangeError']]);
  });
});
