import { expect } from 'chai';
import { describe, it } from 'mocha';
import { fakeSocket } from 'rx-graphql-ws/testing';
import type { ConnectionError } from '../../lib/errors.js';
import { observeUpgrade } from '../../lib/transport/upgrade.js';
import { advance, test } from '../helpers/test.js';

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
