import { expect } from 'chai';
import { describe, it } from 'mocha';
import { fakeSocket } from 'rx-graphql-ws/testing';
import { hasErrorKind, type ConnectionError } from '../../lib/errors.js';
import * as browser from '../../lib/transport/upgrade.browser.js';
import { observeUpgrade } from '../../lib/transport/upgrade.js';
import { advance, test } from '../helpers/test.js';

const where = 'ws://example.org/graphql';
const offered = ['graphql-transport-ws', 'graphql-ws'];

/** A socket with the events of the upgrade, and the server's end of it. */
function upgrading() {
  const fake = fakeSocket({ ws: true });
  return { upgrade: observeUpgrade(new fake(where)), peer: fake.peer };
}

function failureFor(cause: unknown, names: readonly string[] = offered) {
  return upgrading().upgrade.failure(where, names, cause);
}

const withCode = (code: string, message = '') => Object.assign(new Error(message), { code });

describe('observeUpgrade', () => {
  it('tells nothing in a browser but that it failed', () => {
    const { failure, ...rest } = browser.observeUpgrade();
    expect(rest).to.deep.equal({});
    const error = failure(where, offered, new Error('secret'));
    expect(error).to.include({ name: 'ConnectionError', message: `could not connect to ${where}` });
    expect(error).not.to.have.property('cause');
  });

  it('says in a browser that the page may not use ws:', () => {
    const page = globalThis as { location?: object };
    page.location = { protocol: 'https:' };
    try {
      const messages = [where, where.replace('ws:', 'wss:')].map(
        (url) => browser.observeUpgrade().failure(url, offered, undefined).message,
      );
      expect(messages).to.deep.equal([
        `could not connect to ${where} (mixed content: a page of https: needs wss:)`,
        `could not connect to ${where.replace('ws:', 'wss:')}`,
      ]);
    } finally {
      delete page.location;
    }
  });

  it('tells no headers of a socket that has no events', () => {
    const upgrade = observeUpgrade(new (fakeSocket())(where));
    expect(upgrade.headers?.()).to.equal(undefined);
    expect(upgrade).not.to.have.any.keys('ping', 'pause', 'resume');
  });

  it('tells the headers of the response, secrets redacted', () => {
    const { upgrade, peer } = upgrading();
    expect(upgrade.headers?.()).to.equal(undefined);
    const headers = {
      'x-request-id': '7',
      'set-cookie': ['session=secret'],
      'sec-websocket-protocol': 'header-secret',
      via: ['a', 'b'],
    };
    peer.emit('upgrade', { headers });
    expect(upgrade.headers?.()).to.deep.equal({
      'x-request-id': '7',
      'set-cookie': '[redacted]',
      'sec-websocket-protocol': '[redacted]',
      via: 'a,b',
    });
  });

  describe('failure', () => {
    const statuses = {
      'no misconfiguration': [200, 204, 299, 401, 403, 408, 425, 429, 500, 502, 503],
      'a misconfiguration': [300, 301, 302, 307, 400, 404, 426, 499],
    };
    for (const [what, those] of Object.entries(statuses))
      it(`carries the statuses ${those.join(', ')}, which are ${what}`, () => {
        for (const status of those) {
          const { upgrade, peer } = upgrading();
          peer.emit('unexpected-response', {}, { statusCode: status, headers: {} });
          expect(peer.closes).to.have.length(1);
          const error = upgrade.failure(where, offered, new Error('closed before it was open'));
          const message = `could not connect to ${where}: HTTP ${status}`;
          expect(error).to.include({ name: 'ConnectionError', status, message });
          const hopeless = hasErrorKind(error, 'misconfiguration');
          expect(hopeless, String(status)).to.equal(what === 'a misconfiguration');
        }
      });

    const longest = 'x'.repeat(256);
    for (const [what, cause, detail] of [
      ['a message', new Error('getaddrinfo ENOTFOUND'), ': getaddrinfo ENOTFOUND'],
      ['a code alone', withCode('ECONNREFUSED'), ': ECONNREFUSED'],
      ['a message and a code', withCode('ECONNRESET', 'read ECONNRESET'), ': read ECONNRESET'],
      ['a message that would forge a log', new Error('a\r\nb\u202ec'), ': a  b c'],
      ['a message without end', new Error(`${longest}x`), `: ${longest}`],
      ['nothing', new Error(''), ''],
    ] as const)
      it(`says what ws said: ${what}`, () => {
        const error = failureFor(cause) as ConnectionError;
        expect(error).to.include({
          name: 'ConnectionError',
          message: `could not connect to ${where}${detail}`,
          cause,
        });
        expect(error).not.to.have.property('status');
        expect(hasErrorKind(error, 'misconfiguration')).to.equal(false);
      });

    for (const cause of [undefined, null, 'secret', { message: 'secret' }])
      it(`says no more than that it failed for ${JSON.stringify(cause)}`, () => {
        const error = failureFor(cause);
        expect(error.message).to.equal(`could not connect to ${where}`);
        expect(error).not.to.have.property('cause');
      });

    const codes = [
      ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
      ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID', 'EPROTO'],
      ...['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'HOSTNAME_MISMATCH'],
    ];
    for (const code of codes)
      it(`says where to look after ${code}`, () => {
        const error = failureFor(withCode(code, 'no trust'));
        expect(error.message).to.equal(
          `could not connect to ${where}: no trust (TLS ${code}: look at \`ca\`, \`cert\` and \`key\` in \`webSocketOptions\`)`,
        );
        expect(hasErrorKind(error, 'misconfiguration')).to.equal(true);
      });

    for (const [code, message] of [
      ['EPROTO', 'write EPROTO 0A00010B:SSL routines:ssl3_get_record:wrong version number:'],
      ['ERR_SSL_WRONG_VERSION_NUMBER', ''],
      ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'packet length too long'],
    ] as const)
      it(`asks for ws: after ${code}`, () => {
        const error = failureFor(withCode(code, message));
        expect(error.message).to.match(/\(TLS \w+: no TLS there: `ws:`\?\)$/);
        expect(hasErrorKind(error, 'misconfiguration')).to.equal(true);
      });

    for (const [names, shown] of [
      [offered, 'graphql-transport-ws, graphql-ws'],
      [['graphql-ws', 'header-secret'], 'graphql-ws, …'],
      [[], 'none'],
    ] as const)
      it(`says what was offered where no subprotocol was agreed on: ${shown}`, () => {
        const cause = new Error('Server sent no subprotocol');
        const error = failureFor(cause, names);
        expect(error).to.include({
          name: 'HandshakeError',
          kind: 'subprotocol',
          message: `no common subprotocol with ${where}: offered ${shown}; Server sent no subprotocol`,
          cause,
        });
      });
  });
});

/** The wait that the error of a refusal with this header carries. */
function waitFor(header: unknown, statusCode = 503): number | undefined {
  const fake = fakeSocket({ ws: true });
  const upgrade = observeUpgrade(new fake('ws://example.org/'));
  fake.peer.emit('unexpected-response', {}, { statusCode, headers: { 'retry-after': header } });
  return (upgrade.failure('ws://example.org/', [], undefined) as ConnectionError).retryAfter;
}

describe('Retry-After', () => {
  for (const [header, ms] of [
    ['7', 7_000],
    ['1', 1_000],
    ['300', 300_000],
    // neither a storm nor a sleep
    ['0', 1_000],
    ['301', 300_000],
    ['999999999999999999999', 300_000],
  ] as const)
    it(`is a wait of ${String(ms)} ms for ${header} seconds`, () => {
      expect(waitFor(header)).to.equal(ms);
      expect(waitFor(header, 429)).to.equal(ms);
      expect(waitFor(header, 500)).to.equal(undefined);
    });

  test('is a wait until a date', () => {
    advance(10_000);
    expect(waitFor(new Date(42_000).toUTCString())).to.equal(32_000);
    expect(waitFor(new Date(0).toUTCString())).to.equal(1_000);
    expect(waitFor(new Date(9e9).toUTCString())).to.equal(300_000);
  });

  for (const header of [undefined, '', 'soon', '5 s'])
    it(`says nothing when it is ${String(header)}`, () => {
      expect(waitFor(header)).to.equal(undefined);
    });

  // Date.parse of V8 finds a date in some of these
  for (const header of ['-5', '1.5', ['a', 'b']])
    it(`is a wait within the bounds, or none, when it is ${String(header)}`, () => {
      expect(waitFor(header) ?? 1_000).to.be.within(1_000, 300_000);
    });
});
