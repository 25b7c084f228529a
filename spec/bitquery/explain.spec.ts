import { expect } from 'chai';
import { describe, it } from 'mocha';
import { explainBitqueryError } from 'rx-graphql-ws/bitquery';
import {
  ConfigurationError,
  ConnectionClosedError,
  ConnectionError,
  HandshakeError,
  OperationError,
  SilentDisconnectError,
} from 'rx-graphql-ws';

const closed = (code: number, reason = '') => new ConnectionClosedError(code, reason, true);
const operation = (...messages: string[]) =>
  new OperationError(messages.map((message) => ({ message })));
const refused = (payload: unknown) =>
  new HandshakeError('rejected', 'connection rejected by the server', { payload });

const table: readonly (readonly [what: string, error: unknown, kind: string])[] = [
  ['a close with 4401', closed(4401, 'token expired'), 'unauthorized'],
  ['a close with 4403', closed(4403), 'unauthorized'],
  ['an operation that needs a token', operation('Unauthorized'), 'unauthorized'],

  ['the text of 402', operation('No active billing period'), 'billing'],
  ['its text in a connection_error', refused('No active billing period'), 'billing'],

  ['points', operation('points limit exceeded: usage quota reached'), 'quota'],

  ['requests', operation('too many requests'), 'rate-limit'],
  [
    'a busy server',
    operation('temporarily blocked due to a high number of long-running queries'),
    'rate-limit',
  ],

  [
    'streams of a user',
    operation('you have exceeded the maximum number of subscriptions per user id'),
    'too-many-streams',
  ],

  ['a close with 1013 without a reason', closed(1013), 'slow-consumer'],
  ['a close with 1009', closed(1009), 'message-too-big'],
  ['a dataset', operation('no table can query Balances, consider use realtime dataset'), 'dataset'],
  [
    'a timeout of rxjs',
    Object.assign(new Error('Timeout has occurred'), { name: 'TimeoutError' }),
    'no-rows',
  ],
  [
    'a token that could not be had, of a dial',
    new ConnectionError('could not connect: `url` did not give a value', {
      cause: new ConfigurationError('token', '`token` gave no token'),
    }),
    'token',
  ],
  ['a token that could not be had', new ConfigurationError('token', 'no'), 'token'],

  [
    'data of type error',
    { type: 'error', payload: 'too many concurrent subscriptions' },
    'too-many-streams',
  ],
  ['the second of several errors', operation('unknown', 'Too Many Sessions'), 'rate-limit'],
  ['the error behind 256 characters', operation('x'.repeat(300), 'usage quota reached'), 'quota'],
];

describe('explainBitqueryError', () => {
  for (const [what, error, kind] of table)
    it(`knows ${what}: ${kind}`, () => {
      const { kind: found, message } = explainBitqueryError(error);
      expect(found).to.equal(kind);
      expect(message).to.have.length.greaterThan(20);
    });

  it('says of 1013 that the consumer is too slow', () => {
    expect(explainBitqueryError(closed(1013)).message).to.match(/^the consumer is too slow/);
  });

  for (const [what, error, message] of [
    ['another close', closed(1006), 'connection closed: 1006'],
    ['a silence', new SilentDisconnectError('silence', 10_000), undefined],
    ['another error of the server', operation('syntax error'), 'operation failed: syntax error'],
    ['an error of the user', new Error('mine'), 'mine'],
    ['a text', 'mine', 'mine'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['an object without a text', Object.create(null), 'unknown error'],
    ['a cycle', cyclic(), 'unknown error'],
    ['a number in place of a message', { message: 5 }, 'unknown error'],
  ] as const)
    it(`gives the message of what it does not know: ${what}`, () => {
      const explained = explainBitqueryError(error);
      expect(explained.kind).to.equal('other');
      if (message) expect(explained.message).to.equal(message);
    });

  it('reads a payload with bigints, as a reviver may make them', () => {
    expect(explainBitqueryError(refused({ n: 5n, message: 'usage quota reached' })).kind).to.equal(
      'quota',
    );
  });

  it('does not read the data of a result', () => {
    const error = new OperationError([{ message: 'no' }], { symbol: 'usage quota reached' });
    expect(explainBitqueryError(error).kind).to.equal('other');
  });
});

function cyclic(): object {
  const payload: Record<string, unknown> = {};
  payload.payload = payload;
  return payload;
}
