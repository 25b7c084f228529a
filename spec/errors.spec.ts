import { inspect } from 'node:util';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  ConfigurationError,
  ConnectionClosedError,
  ConnectionError,
  ConnectionLostError,
  HandshakeError,
  isGraphQLSocketError,
  OperationError,
  ProtocolError,
  SilentDisconnectError,
  SocketDisposedError,
} from 'rx-graphql-ws';
import type * as Errors from '../lib/errors.js';
import { hasErrorKind, printable, setErrorKind } from '../lib/errors.js';

const cause = new Error('why');
const errors = [{ message: 'a' }, { message: 'b', path: ['c', 0] }];

const made: [error: Error, name: string, message: string, fields: object][] = [
  [
    new ConfigurationError('url', 'bad url', { cause }),
    'ConfigurationError',
    'bad url',
    { option: 'url', cause },
  ],
  [new ConfigurationError('url', 'bad url'), 'ConfigurationError', 'bad url', { option: 'url' }],
  [
    new ConnectionError('could not', { status: 503, cause }),
    'ConnectionError',
    'could not',
    { status: 503, cause },
  ],
  [new ConnectionError('could not'), 'ConnectionError', 'could not', {}],
  [
    new HandshakeError('rejected', 'no', { payload: { code: 1 }, cause }),
    'HandshakeError',
    'no',
    { kind: 'rejected', payload: { code: 1 }, cause },
  ],
  [
    new HandshakeError('rejected', 'no', { payload: null }),
    'HandshakeError',
    'no',
    { kind: 'rejected', payload: null },
  ],
  [new HandshakeError('timeout', 'late'), 'HandshakeError', 'late', { kind: 'timeout' }],
  [
    new ConnectionClosedError(4403, 'Forbidden', true, { cause }),
    'ConnectionClosedError',
    'connection closed: 4403 Forbidden',
    { code: 4403, reason: 'Forbidden', wasClean: true, cause },
  ],
  [
    new ConnectionClosedError(1006, '', false),
    'ConnectionClosedError',
    'connection closed: 1006',
    { code: 1006, reason: '', wasClean: false },
  ],
  [
    new ConnectionClosedError(4400, 'a\r\nb', true),
    'ConnectionClosedError',
    'connection closed: 4400 a  b',
    { code: 4400, reason: 'a\r\nb', wasClean: true },
  ],
  [
    new SilentDisconnectError('silence', 30_000),
    'SilentDisconnectError',
    'silent disconnect: no frame received for 30000 ms',
    { kind: 'silence', silentFor: 30_000 },
  ],
  [
    new SilentDisconnectError('pong', 10_000),
    'SilentDisconnectError',
    'silent disconnect: no pong received for 10000 ms',
    { kind: 'pong', silentFor: 10_000 },
  ],
  [
    new ProtocolError('malformed frame: not JSON', 'x'.repeat(300), { cause }),
    'ProtocolError',
    'malformed frame: not JSON',
    { frame: 'x'.repeat(200), cause },
  ],
  [
    new OperationError(errors, { a: 1 }),
    'OperationError',
    'operation failed: a; b',
    { errors, data: { a: 1 } },
  ],
  [
    new OperationError(errors, null),
    'OperationError',
    'operation failed: a; b',
    { errors, data: null },
  ],
  [new OperationError(errors), 'OperationError', 'operation failed: a; b', { errors }],
  [
    new ConnectionLostError('7', { cause }),
    'ConnectionLostError',
    'connection lost: operation 7 may or may not have run',
    { operationId: '7', cause },
  ],
  [
    new ConnectionLostError('7'),
    'ConnectionLostError',
    'connection lost: operation 7 may or may not have run',
    { operationId: '7' },
  ],
  [
    new ConnectionLostError('7', { cause: new SocketDisposedError() }),
    'ConnectionLostError',
    'connection lost: operation 7 may or may not have run (the socket was closed by close())',
    { operationId: '7', cause: new SocketDisposedError() },
  ],
  [new SocketDisposedError(), 'SocketDisposedError', 'the socket was closed by close()', {}],
];

const withoutCause = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => field !== 'cause'));

for (const [error, name, message, fields] of made)
  describe(name, () => {
    it(`says '${message}', and has the fields ${Object.keys(fields).join()}`, () => {
      expect(error)
        .to.be.instanceOf(Error)
        .that.deep.includes({ name, message, ...fields });
      for (const field of ['status', 'payload', 'data', 'cause', 'retryAfter'])
        expect(Object.hasOwn(error, field), field).to.equal(field in fields);
    });

    it('shows its name where it is printed', () => {
      expect(String(error)).to.equal(`${name}: ${message}`);
      expect(error.stack).to.contain(message).and.to.contain('errors.spec');
    });

    it('goes over the wire of a log without what is behind it', () => {
      const logged: unknown = JSON.parse(JSON.stringify(error));
      expect(logged).to.deep.equal({ name, ...withoutCause(fields) });
    });

    it('is recognised', () => {
      expect(isGraphQLSocketError(error)).to.equal(true);
    });
  });

describe('isGraphQLSocketError', () => {
  it('recognises the error of another copy of the package', async () => {
    const path = '../lib/errors.js?copy';
    const copy = (await import(path)) as typeof Errors;
    const error = new copy.ProtocolError('malformed', '');
    expect(error).not.to.be.instanceOf(ProtocolError);
    expect(isGraphQLSocketError(error)).to.equal(true);
    expect(copy.isGraphQLSocketError(new ProtocolError('malformed', ''))).to.equal(true);
  });

  it('goes by a symbol that every version of the package shares', () => {
    const mark = Symbol.for('rx-graphql-ws.error');
    for (const [error] of made) expect(mark in error).to.equal(true);
    expect(isGraphQLSocketError({ [mark]: true })).to.equal(true);
  });

  for (const [what, value] of [
    ['undefined', undefined],
    ['null', null],
    ['a string', 'ConnectionError'],
    ['a plain Error', new Error('x')],
    ['an Error of the same name', Object.assign(new Error('x'), { name: 'ConnectionError' })],
    ['an object', { name: 'ConnectionError', message: 'x' }],
    ['the constructor', ConnectionError],
  ] as const)
    it(`does not take ${what} for one`, () => {
      expect(isGraphQLSocketError(value)).to.equal(false);
    });
});

describe('setErrorKind', () => {
  it('gives the error itself, and the last kind counts', () => {
    const error = new ConnectionClosedError(4400, '', true);
    expect(hasErrorKind(error, 'protocol-fault')).to.equal(false);
    expect(setErrorKind(error, 'protocol-fault')).to.equal(error);
    expect(hasErrorKind(error, 'protocol-fault')).to.equal(true);
    setErrorKind(error, 'culprit');
    expect(hasErrorKind(error, 'protocol-fault')).to.equal(false);
    expect(hasErrorKind(error, 'culprit')).to.equal(true);
  });

  it('is read by another copy of the package, and does not show in a log', async () => {
    const path = '../lib/errors.js?another';
    const copy = (await import(path)) as typeof Errors;
    const error = setErrorKind(new ConnectionError('could not'), 'misconfiguration');
    expect(copy.hasErrorKind(error, 'misconfiguration')).to.equal(true);
    expect(isGraphQLSocketError(error)).to.equal(true);
    expect(JSON.stringify(error)).to.equal('{"name":"ConnectionError"}');
    expect(inspect(error)).not.to.contain('misconfiguration');
  });

  it('is not found on what is no error', () => {
    for (const thrown of [undefined, null, 'misconfiguration', {}, new Error('x')])
      expect(hasErrorKind(thrown, 'misconfiguration')).to.equal(false);
  });
});

describe('a limit in a message', () => {
  for (const [error, text] of [
    [new SilentDisconnectError('pong', 10), 'no pong received for 10 ms (milliseconds)'],
    [new SilentDisconnectError('silence', 99.5), 'no frame received for 99.5 ms (milliseconds)'],
    [new SilentDisconnectError('silence', 100), 'no frame received for 100 ms'],
  ] as const)
    it(`spells the unit out below 100: ${text}`, () => {
      expect(error.message).to.equal(`silent disconnect: ${text}`);
    });
});

describe('printable', () => {
  for (const [given, shown] of [
    ['plain é😀 text', 'plain é😀 text'],
    ['a\nb\r\tc\u0000d\u007fe\u009ff', 'a b  c d e f'],
    ['a\u2028b\u2029c', 'a b c'],
    ['a\u202eb\u2066c\u200fd\ufeffe', 'a b c d e'],
    ['x'.repeat(300), 'x'.repeat(256)],
    ['', ''],
  ] as const)
    it(`makes ${JSON.stringify(shown.slice(0, 20))} of ${JSON.stringify(given.slice(0, 20))}`, () => {
      expect(printable(given)).to.equal(shown);
    });
});
