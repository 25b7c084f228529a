import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { GraphQLSocketConfig } from 'rx-graphql-ws';
import type { MarbleValues } from 'rx-graphql-ws/testing';
import { marbleSocket } from 'rx-graphql-ws/testing';
import { document, fails, run, socketOver } from './marble-test.js';

describe('misuse of marbleSocket', () => {
  for (const [what, script, values, message] of [
    [
      'an unknown marble',
      'oa-q',
      { t: { data: 1 } },
      'attempt 1, "oa-q": unknown marble "q" at 3 ms; known are o a k p 1-9 x | # and the keys of values (t)',
    ],
    [
      'an unknown marble without values',
      'O',
      {},
      'attempt 1, "O": unknown marble "O" at 0 ms; known are o a k p 1-9 x | # and the keys of values (there are none)',
    ],
    [
      'what is no diagram',
      'oa!',
      {},
      'attempt 1, "oa!": conventional marble diagrams cannot have the unsubscription marker "!"',
    ],
    [
      'marbles after the end',
      'oax-1',
      {},
      'attempt 1, "oax-1": "1" at 4 ms comes after the end of the socket',
    ],
    [
      'a letter of the alphabet',
      'oa',
      { k: { data: 1 } },
      'values: "k" has a meaning already: o a k p 1-9 x | # and the keys of values',
    ],
    [
      'a key of several characters',
      'oa',
      { ok: { data: 1 } },
      'values: "ok" is no single character',
    ],
    [
      'a value that says nothing',
      'oat',
      { t: { date: 1 } },
      'values: "t" must have data, errors, extensions, or one of error, complete, open, close, frame; it has date',
    ],
    [
      'an empty value',
      'oat',
      { t: {} },
      'values: "t" must have data, errors, extensions, or one of error, complete, open, close, frame; it has nothing',
    ],
  ] as const)
    it(`is explained: ${what}`, () => {
      expect(fails((helpers) => marbleSocket(helpers, [script], values as MarbleValues))).to.equal(
        message,
      );
    });

  const subscribed = (
    scripts: readonly string[],
    values?: MarbleValues,
    config?: Partial<GraphQLSocketConfig>,
  ) =>
    fails((helpers) => {
      const server = marbleSocket(helpers, scripts, values);
      const data$ = socketOver(server, config).subscribe$(document);
      helpers.expectObservable(data$, '^ 1s !').toBe('');
    });

  for (const [what, script, message] of [
    [
      'a result for nobody',
      'oa-2',
      'attempt 1, "2" at 3 ms: no operation 2 was sent on this connection; sent were: "1"',
    ],
    [
      'a result before the ack',
      'o-1',
      'attempt 1, "1" at 2 ms: no operation 1 was sent on this connection; sent were: none',
    ],
    [
      'a message before the socket opened',
      'a',
      'attempt 1, "a" at 0 ms: nothing can be sent before open()',
    ],
    ['two opens', 'oo', 'attempt 1, "o" at 1 ms: open(): this socket was opened or closed before'],
  ] as const)
    it(`is explained: ${what}`, () => {
      expect(subscribed([script])).to.equal(message);
    });

  it('is explained: a result for an id that was not sent', () => {
    expect(subscribed(['oa-t'], { t: { operation: 'x', data: 1 } })).to.equal(
      'attempt 1, "t" at 3 ms: no operation "x" was sent on this connection; sent were: "1"',
    );
  });

  it('is explained: a ping on the legacy protocol', () => {
    expect(subscribed(['oap'], {}, { subprotocols: ['graphql-ws'] })).to.equal(
      'attempt 1, "p" at 2 ms: the legacy protocol has no ping: its heartbeat is ka()',
    );
  });

  it('is explained: a dial without a script', () => {
    const cure = 'If it should not, give the expectation an unsubscription line';
    expect(subscribed(['x'])).to.equal(
      `attempt 2 has no script: 1 script was given to marbleSocket, and the client dialled again at 10 ms. ${cure}`,
    );
    expect(subscribed(['x', 'x'])).to.equal(
      `attempt 3 has no script: 2 scripts were given to marbleSocket, and the client dialled again at 20 ms. ${cure}`,
    );
  });

  for (const [what, script, config] of [
    ['an endless retry', 'x', { retry: { delay: 1_000 } }],
    ['an endless ping', 'oap', { pingInterval: 1_000, pongTimeout: false }],
  ] as const)
    it(`stops ${what} without an unsubscription line`, () => {
      const message = fails((helpers) => {
        const server = marbleSocket(helpers, () => script);
        helpers.expectObservable(socketOver(server, config).subscribe$(document)).toBe('');
      });
      expect(message)
        .to.match(/^virtual time was stopped at 600000 ms with more to come: a retry, a ping/)
        .and.to.contain("expectObservable(stream$, '^ 100ms !')");
    });

  it('stops a client that dials again at once', () => {
    const message = fails((helpers) => {
      const server = marbleSocket(helpers, () => '#');
      // a socket object of ours does not
      const dial = () => {
        new server('ws://server/graphql').onclose = dial;
      };
      dial();
    });
    expect(message).to.equal('the client dialled 1000 times at 0 ms: give `retry` a delay');
  });

  it('stops where it was told', () => {
    const message = fails((helpers) => {
      const server = marbleSocket(helpers, () => 'x', {}, { limit: 5_000 });
      helpers.expectObservable(socketOver(server).subscribe$(document)).toBe('');
    });
    expect(message).to.match(/^virtual time was stopped at 5000 ms/);
  });

  it(
    'is none where all ends before the limit',
    run((helpers) => {
      marbleSocket(helpers, ['oa'], {}, { limit: 100 });
      helpers.expectObservable(helpers.cold('-a|')).toBe('-a|');
    }),
  );
});
