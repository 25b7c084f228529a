import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Subject, throwError } from 'rxjs';
import { answerPings } from '../../lib/connection/answer-pings.js';
import type { ServerMessage } from '../../lib/protocol/codec.js';
import { fakeConnection } from '../helpers/fake-connection.js';
import { virtually } from '../helpers/virtually.js';

const ping = (payload: unknown): ServerMessage => ({ type: 'ping', payload });
const pong = (payload: unknown) => ({ type: 'pong', payload });

function pinged() {
  const messages$ = new Subject<ServerMessage>();
  const connection = fakeConnection(messages$);
  const flood = (count: number, first = 0) => {
    for (let n = first; n < first + count; n += 1) messages$.next(ping(n));
  };
  return { connection, messages$, flood };
}

describe('answerPings', () => {
  it(
    'answers each of a hundred a second at once, with its payload',
    virtually(({ record }) => {
      const { connection, flood } = pinged();
      const answers = record(answerPings(connection));
      flood(100);
      expect(connection.sent).to.deep.equal(Array.from({ length: 100 }, (_, n) => pong(n)));
      answers.unsubscribe();
    }),
  );

  it(
    'answers only the newest of those above, when the second is over',
    virtually(({ record, advance, timers }) => {
      const { connection, flood } = pinged();
      const answers = record(answerPings(connection));
      advance(250);
      flood(10_000);
      advance(999);
      expect(connection.sent).to.have.length(100);
      advance(1);
      expect(connection.sent.slice(100)).to.deep.equal([pong(9_999)]);
      // the next second has begun
      flood(200, 10_000);
      expect(connection.sent).to.have.length(200);
      answers.unsubscribe();
      expect(timers()).to.equal(0);
    }),
  );

  it(
    'is ready for a hundred more after a quiet second',
    virtually(({ record, advance, timers }) => {
      const { connection, flood } = pinged();
      record(answerPings(connection));
      for (let second = 1; second <= 3; second += 1) {
        flood(100);
        expect(connection.sent).to.have.length(100 * second);
        advance(1_000);
      }
      expect(timers()).to.equal(0);
    }),
  );

  it(
    'answers nothing but pings',
    virtually(({ record }) => {
      const { connection, messages$ } = pinged();
      record(answerPings(connection));
      messages$.next({ type: 'pong' });
      messages$.next({ type: 'unknown', frame: '{}' });
      expect(connection.sent).to.deep.equal([]);
    }),
  );

  it(
    'ends with the messages, leaving no timer',
    virtually(({ record, timers }) => {
      const { connection, flood, messages$ } = pinged();
      const answers = record(answerPings(connection));
      flood(1);
      messages$.complete();
      expect(answers.log).to.deep.equal([[0, 'complete']]);
      expect(timers()).to.equal(0);
      const failed$ = throwError(() => new RangeError());
      expect(record(answerPings(fakeConnection(failed$))).log).to.deep.equal([
        [0, 'error', 'RangeError'],
      ]);
    }),
  );
});
