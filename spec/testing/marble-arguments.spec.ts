import { expect } from 'chai';
import { describe, it } from 'mocha';
import { marbleSocket } from 'rx-graphql-ws/testing';
import { document, fails, socketOver } from './marble-test.js';

describe('a wrong argument of marbleSocket', () => {
  for (const [what, given, message] of [
    ['helpers that are none', [{}, ['oa']], 'expected the helpers of TestScheduler.run, got {}'],
    ['no helpers', [undefined, ['oa']], 'expected the helpers of TestScheduler.run, got undefined'],
    [
      'a lone script',
      ['oa'],
      'expected a list of scripts, one for each dial, or a function, got "oa"',
    ],
    [
      'a script that is none',
      [[1]],
      'expected a list of scripts, one for each dial, or a function, got [1]',
    ],
    ['an unknown option', [['oa'], {}, { limt: 1 }], 'marbleSocket: unknown option'],
    [
      'a limit that is no number',
      [['oa'], {}, { limit: '5s' }],
      'expected `limit` to be a number of milliseconds, got "5s"',
    ],
    ['a value that is no object', [['oa'], { t: 7 }], 'values: "t" must be an object, 7 is none'],
    ['a value that is null', [['oa'], { t: null }], 'values: "t" must be an object, null is none'],
    [
      'a value of two things',
      [['oa'], { t: { data: 1, close: 4403 } }],
      'values: "t" must have data, errors, extensions, or one of',
    ],
    [
      'a close without code',
      [['oa'], { t: { close: { cod: 1 } } }],
      'values: "t" must have a close code, or { code, reason }; it has {"cod":1}',
    ],
    [
      'a close of a text',
      [['oa'], { t: { close: '4403' } }],
      'values: "t" must have a close code, or { code, reason }; it has "4403"',
    ],
    [
      'a close out of range',
      [['oa'], { t: { close: { code: 5_000 } } }],
      'values: "t" must have a close code',
    ],
    ['a close too low', [['oa'], { t: { close: 99 } }], 'values: "t" must have a close code'],
    ['no close', [['oa'], { t: { close: null } }], 'values: "t" must have a close code'],
  ] as const)
    it(`is explained: ${what}`, () => {
      const shown = fails((helpers) => {
        const own =
          given[0] === undefined || (!Array.isArray(given[0]) && typeof given[0] === 'object');
        const args: readonly unknown[] = own ? given : [helpers, ...given];
        (marbleSocket as (...values: readonly unknown[]) => void)(...args);
      });
      expect(shown).to.contain(message);
    });

  it('is explained: a function that gives no script', () => {
    const message = fails((helpers) => {
      const server = marbleSocket(helpers, () => undefined as never);
      helpers.expectObservable(socketOver(server).subscribe$(document), '^ 9ms !').toBe('');
    });
    expect(message).to.equal('attempt 1: expected a script, got undefined');
  });
});
