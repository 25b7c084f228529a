import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Observable } from 'rxjs';
import { asyncScheduler, concat, defer, NEVER, noop, of, throwError } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import { createDialLimit } from '../../lib/connection/reconnect/dial-limit.js';
import type { RetryOptions } from '../../lib/connection/reconnect/reconnect.js';
import { reconnect } from '../../lib/connection/reconnect/reconnect.js';
import type { GraphQLSocketError } from '../../lib/errors.js';
import {
  ConfigurationError,
  ConnectionClosedError,
  ConnectionError,
  HandshakeError,
  ProtocolError,
  setErrorKind,
  SilentDisconnectError,
} from '../../lib/errors.js';
import { fakeConnection } from '../helpers/fake-connection.js';
import { advance, cold, record, runVirtually, test } from '../helpers/test.js';

const closed = (code: number) => new ConnectionClosedError(code, 'why', true);
const failing = (error: Error): Observable<Connection> => throwError(() => error);

/** How often it dials when every attempt ends so; 4 is for ever. */
function dials(error: Error, options: RetryOptions = {}, refreshable?: boolean): number {
  let count = 0;
  runVirtually(() => {
    const source$ = defer(() => {
      count += 1;
      return count < 4 ? failing(error) : NEVER;
    });
    const given = { delay: 1, ...options };
    const stage =
      refreshable === undefined
        ? reconnect(given)
        : reconnect(given, {
            refreshable,
            limit: createDialLimit(),
            renew$: NEVER,
            queued: noop,
            waiting: noop,
          });
    const retried = record(source$.pipe(stage));
    // more than enough for the fourth, which is a second later than the first at least
    advance(100_000);
    if (count < 4) expect(retried.error).to.equal(error);
  });
  return count;
}

describe('retry.shouldRetry', () => {
  const codes: readonly (readonly [code: number, expected: number])[] = [
    ...[1000, 1001, 1005, 1006, 1011, 1012, 1013, 1014, 3000, 3008].map(
      (code) => [code, 4] as const,
    ),
    ...[4000, 4004, 4205, 4400, 4408, 4499, 4500, 4504, 4999].map((code) => [code, 4] as const),
    ...[1010, 1015, 4406, 4409, 4429].map((code) => [code, 1] as const),
  ];
  for (const [code, expected] of codes)
    it(`is by default that ${String(code)} ${expected === 4 ? 'passes' : 'is final'}`, () => {
      expect(dials(closed(code))).to.equal(expected);
    });

  const reset = new ConnectionClosedError(1006, '', false, { cause: { code: 'ECONNRESET' } });
  const noValue = setErrorKind(new ConnectionError('no url'), 'misconfiguration');
  const others: [string, GraphQLSocketError, number][] = [
    ['silence passes', new SilentDisconnectError('silence', 1), 4],
    ['a refused connection passes', new ConnectionError('refused'), 4],
    ['an ack that is late passes', new HandshakeError('timeout', 'late'), 4],
    ['a reset passes', reset, 4],
    ['a refusal of one operation passes', setErrorKind(closed(4400), 'culprit'), 4],
    ['an error of somebody else passes', 'thrown' as never, 4],
    ['a subprotocol that nobody speaks is final', new HandshakeError('subprotocol', 'none'), 1],
    ['a configuration error is final', new ConfigurationError('url', 'bad'), 1],
    ['an option that gave no value is final', noValue, 1],
  ];
  for (const [what, error, expected] of others)
    it(`is by default that ${what}`, () => {
      expect(dials(error)).to.equal(expected);
    });

  const cause = Object.assign(new RangeError('RSV1'), { code: 'WS_ERR_UNEXPECTED_RSV_1' });
  const invalid = new ConnectionClosedError(1006, '', false, { cause });
  const faults: (readonly [string, GraphQLSocketError])[] = [
    ...[1002, 1003, 1007, 1008, 1009].map((code) => [String(code), closed(code)] as const),
    ['a malformed frame', new ProtocolError('malformed', '{')],
    ['a frame that ws finds invalid', invalid],
    ['a refusal of nothing that was sent', setErrorKind(closed(4400), 'protocol-fault')],
  ];
  for (const [what, error] of faults)
    it(`is by default that ${what} passes, but the third within a minute is final`, () => {
      expect(dials(error)).to.equal(3);
      expect(dials(error, { delay: 29_000 })).to.equal(3);
      expect(dials(error, { delay: 31_000 })).to.equal(4);
    });

  it('is by default that a fault in the future, by a clock that was put back, counts for nothing', () => {
    const { now } = asyncScheduler;
    const error = closed(1002);
    let ahead = 3_600_000;
    try {
      const putBack = (_error: unknown, attempt: number) => {
        if (attempt === 2) ahead = 0;
        return 1;
      };
      asyncScheduler.now = () => now() + ahead;
      expect(dials(error, { delay: putBack })).to.equal(4);
    } finally {
      asyncScheduler.now = now;
    }
  });

  it('is handed the error and the default, and has the last word', () => {
    const asked: unknown[][] = [];
    const no = (...given: unknown[]) => asked.push(given) < 0;
    const yes = () => true;
    expect(dials(closed(1006), { shouldRetry: no })).to.equal(1);
    expect(dials(closed(4409), { shouldRetry: no })).to.equal(1);
    expect(asked).to.deep.equal([
      [closed(1006), true],
      [closed(4409), false],
    ]);
    expect(dials(closed(4409), { shouldRetry: yes })).to.equal(4);
    expect(dials(new ConfigurationError('url', 'bad'), { shouldRetry: yes })).to.equal(4);
    expect(dials(closed(4409), { shouldRetry: yes, count: 2 })).to.equal(3);
  });

  test('ends the stream when it throws, and names itself', () => {
    const cause = new Error('mine');
    const shouldRetry = () => {
      throw cause;
    };
    const failed = record(failing(closed(1006)).pipe(reconnect({ shouldRetry })));
    expect(failed.error).to.include({ option: 'retry.shouldRetry', cause });
    expect(failed.error.name).to.equal('ConfigurationError');
  });
});

describe('refused credentials', () => {
  const refusals: [string, GraphQLSocketError][] = [
    ['close 4401', closed(4401)],
    ['close 4403', closed(4403)],
    ['HTTP 401', new ConnectionError('refused', { status: 401 })],
    ['HTTP 403', new ConnectionError('refused', { status: 403 })],
    ['connection_error', new HandshakeError('rejected', 'no')],
  ];
  for (const [what, error] of refusals)
    it(`by ${what} get one fresh try, whatever the count, and none where they are constant`, () => {
      expect(dials(error)).to.equal(2);
      expect(dials(error, { count: 0 })).to.equal(2);
      expect(dials(error, {}, true)).to.equal(2);
      expect(dials(error, {}, false)).to.equal(1);
      expect(dials(error, { shouldRetry: () => false })).to.equal(1);
    });

  /** Refused, then connected for `ms`, then refused for good. */
  const later = (ms: number, expected: number) => () => {
    let count = 0;
    const connected$ = cold(`c ${String(ms)}ms #`, { c: fakeConnection() }, closed(4403));
    const source$ = defer(() => {
      count += 1;
      return count === 2 ? connected$ : failing(closed(4403));
    });
    const retried = record(source$.pipe(reconnect({ delay: 1, resetAfter: 20 })));
    advance(200);
    expect([retried.error.name, count]).to.deep.equal(['ConnectionClosedError', expected]);
  };
  test('get another try after a stable connection', later(30, 3));
  test('get no other try after a connection that was not stable', later(10, 2));

  test('use up an attempt, so that the waits between grow', () => {
    const attempts: number[] = [];
    const errors = [closed(1006), closed(4403), closed(1006)];
    const source$ = defer(() => (errors[0] ? failing(errors.shift() as Error) : NEVER));
    const delay = (_error: unknown, attempt: number) => attempts.push(attempt) * 0;
    record(source$.pipe(reconnect({ delay })));
    advance(1);
    expect(attempts).to.deep.equal([1, 2, 3]);
  });
});

describe('a misconfiguration', () => {
  test('is final before the first connection only, for all subscribers of the stage', () => {
    const bad = new ConfigurationError('url', 'bad');
    let count = 0;
    const source$ = defer(() => {
      count += 1;
      if (count === 1 || count > 3) return failing(bad);
      return concat(of(fakeConnection()), failing(bad));
    });
    const connection$ = source$.pipe(reconnect({ delay: 1, count: 2 }));
    expect(record(connection$).error).to.equal(bad);
    expect(count).to.equal(1);
    const second = record(connection$);
    advance(1_010);
    expect(second.values).to.have.length(2);
    expect([second.error, count]).to.deep.equal([bad, 4]);
    record(connection$);
    advance(5_000);
    expect(count).to.equal(7);
  });
});
