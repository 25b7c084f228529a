import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunHelpers } from 'rxjs/testing';
import type { GraphQLSocketConfig } from 'rx-graphql-ws';
import type { MarbleValues } from 'rx-graphql-ws/testing';
import { marbleSocket } from 'rx-graphql-ws/testing';
import { cold, expectObservable, helpers, test } from '../helpers/test.js';
import { document, fails, failure, socketOver } from './marble-test.js';

const known = 'o a k p 1-9 x | # and the keys of values';
const free = `to be named by one character that has no meaning yet (known: ${known})`;
const kinds = 'data, errors, extensions, or one of error, complete, open, close, frame';
const aClose = 'expected `close` to be a close code from 1000 to 4999, or { code, reason }';

describe('marbleSocket refuses', () => {
  const helpersWanted = 'expected `helpers` to be the helpers of TestScheduler.run';
  for (const given of [undefined, {}])
    it(`the helpers ${JSON.stringify(given)}`, () => {
      expect(() => marbleSocket(given as never, ['oa'])).to.throw(TypeError, helpersWanted);
    });

  const aList = '`scripts` to be a list of scripts, one for each dial, or';
  const value = (t: unknown) => [['oa'], { t }];
  const named = (key: string) => [['oa'], { [key]: { data: 1 } }];
  for (const [what, given, message] of [
    ['a lone script', ['oa'], aList],
    ['numbers', [[1]], aList],
    ['another option', [['oa'], {}, { limt: 1 }], 'unknown option `limt`: did you mean `limit`?'],
    [
      'a text as limit',
      [['oa'], {}, { limit: '5' }],
      '`limit` to be a number of milliseconds, got',
    ],
    ['a number as a value', value(7), '`values.t` to be an object, got 7'],
    ['null as a value', value(null), '`values.t` to be an object, got null'],
    ['two actions', value({ data: 1, close: 4403 }), `to be an object with ${kinds}`],
    ['no action', value({}), `\`values.t\` to be an object with ${kinds}, got {}`],
    ['another action', value({ date: 1 }), 'values.t: unknown member `date`: did you mean `data`?'],
    ['a letter with a meaning', named('k'), `\`values.k\` ${free}`],
    ['a key of two letters', named('ok'), `\`values.ok\` ${free}`],
    ['the end as a key', named('|'), `\`values.|\` ${free}`],
    ['a close without code', value({ close: { cod: 1 } }), `${aClose}, got {"cod":1}`],
    ['a text as a code', value({ close: '4403' }), `${aClose}, got "4403"`],
    ['a high code', value({ close: { code: 5_000 } }), aClose],
    ['a low code', value({ close: 99 }), aClose],
    ['null as a code', value({ close: null }), aClose],
  ] as const)
    it(what, () => {
      const make = marbleSocket as (...values: readonly unknown[]) => void;
      expect(fails((helpers) => make(helpers, ...given))).to.contain(message);
    });

  const other = 'conventional marble diagrams cannot have the unsubscription marker "!"';
  for (const [script, values, message] of [
    ['oa-q', { t: { data: 1 } }, `unknown marble "q" at 3 ms; known are ${known} (t)`],
    ['O', {}, `unknown marble "O" at 0 ms; known are ${known} (there are none)`],
    ['oa!', {}, other],
    ['oax-1', {}, '"1" at 4 ms comes after the end of the socket'],
  ] as const)
    it(`the script ${script}`, () => {
      const shown = fails((helpers) => marbleSocket(helpers, [script], values));
      expect(shown).to.equal(`attempt 1, "${script}": ${message}`);
    });
});

describe('marbleSocket explains', () => {
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

  it('a marble that the server cannot play', () => {
    for (const [script, message] of [
      ['oa-2', '"2" at 3 ms: no operation 2 was sent on this connection; sent were: "1"'],
      ['o-1', '"1" at 2 ms: no operation 1 was sent on this connection; sent were: none'],
      ['oa-t', '"t" at 3 ms: no operation "x" was sent on this connection; sent were: "1"'],
      ['a', '"a" at 0 ms: nothing can be sent before open()'],
      ['oo', '"o" at 1 ms: open(): this socket was opened or closed before'],
    ] as const)
      expect(subscribed([script], { t: { operation: 'x', data: 1 } })).to.equal(
        `attempt 1, ${message}`,
      );
    expect(subscribed(['oap'], {}, { subprotocols: ['graphql-ws'] })).to.equal(
      'attempt 1, "p" at 2 ms: the legacy protocol has no ping: its heartbeat is ka()',
    );
  });

  it('a function that gives no script', () => {
    const message = fails((helpers) => {
      const server = marbleSocket(helpers, () => undefined as never);
      helpers.expectObservable(socketOver(server).subscribe$(document), '^ 9ms !').toBe('');
    });
    expect(message).to.equal('expected `attempt 1` to be a script, got undefined');
  });

  it('a dial without a script', () => {
    const cure = 'If it should not, give the expectation an unsubscription line';
    expect(subscribed(['x'])).to.equal(
      `attempt 2 has no script: 1 script was given to marbleSocket, and the client dialled again at 10 ms. ${cure}`,
    );
    expect(subscribed(['x', 'x'])).to.contain('attempt 3 has no script: 2 scripts were given');
  });

  for (const [what, script, config, limit] of [
    ['an endless retry', 'x', { retry: { delay: 10_000 } }, undefined],
    ['an endless ping', 'oap', { pingInterval: 10_000, pongTimeout: false }, undefined],
    ['a test that goes on after its own limit', 'x', {}, 5_000],
  ] as const)
    it(what, () => {
      const message = fails((helpers) => {
        const server = marbleSocket(helpers, () => script, {}, { limit });
        helpers.expectObservable(socketOver(server, config).subscribe$(document)).toBe('');
      });
      expect(message)
        .to.contain(`virtual time was stopped at ${limit ?? 600_000} ms with more to come`)
        .and.to.contain("expectObservable(stream$, '^ 100ms !')");
    });

  test('nothing when all ends before the limit', () => {
    marbleSocket(helpers(), ['oa'], {}, { limit: 100 });
    expectObservable(cold('-a|')).toBe('-a|');
  });

  it('a client that dials again at once', () => {
    const message = fails((helpers) => {
      const server = marbleSocket(helpers, () => '#');
      const dial = () => {
        new server('ws://server/graphql').onclose = dial;
      };
      dial();
    });
    expect(message).to.equal('the client dialled 1000 times at 0 ms: give `retry` a delay');
  });
});

describe('an expectation that fails over marbleSocket', () => {
  const wanting =
    (script: string, unsubscription = '^ 9ms !') =>
    (helpers: RunHelpers) => {
      const server = marbleSocket(helpers, () => script);
      helpers.expectObservable(socketOver(server).subscribe$(document), unsubscription).toBe('-1');
    };
  const left = 'the client left at 10 ms (1000)';

  for (const [script, seen] of [
    ['-', `nothing, it was never opened; ${left}`],
    ['o', `connection_init; ${left}`],
    ['oa', `connection_init, subscribe, complete; ${left}`],
  ] as const)
    it(`shows what the server saw after "${script}"`, () => {
      const error = failure(wanting(script));
      expect(error.message).to.match(/^marbles differ:/);
      expect(error.message.split('\n').slice(-2)).to.deep.equal([
        'the server saw:',
        `  attempt 1, dialled at 0 ms: ${seen}`,
      ]);
      expect(error.stack).to.contain(seen);
    });

  it('shows that the client refused the subprotocol, and why', () => {
    const message = fails((helpers) => {
      const server = marbleSocket(helpers, ['l'], { l: { open: 'mqtt' } });
      const stream = socketOver(server, { retry: false }).subscribe$(document);
      helpers.expectObservable(stream).toBe('-1');
    });
    const left = 'the client left at 0 ms (terminated Server sent an invalid subprotocol)';
    expect(message).to.contain(`dialled at 0 ms: nothing, it was never opened; ${left}`);
  });

  it('says once that nothing was dialled', () => {
    const message = fails((helpers) => {
      marbleSocket(helpers, ['oa']);
      marbleSocket(helpers, ['oa']);
      helpers.expectObservable(helpers.cold('-')).toBe('-1');
    });
    expect(message).to.contain('\nthe server saw no dial: is it the `webSocketImpl`, and');
    expect(message.match(/the server saw/g)).to.have.length(1);
  });

  it('describes five sockets', () => {
    const message = fails(wanting('x', '^ 6080ms !'));
    expect(message).to.contain('attempt 5, dialled at 2000 ms: nothing');
    expect(message).to.match(/\n {2}… and 4 more$/);
  });

  it('shows a frame that is no message', () => {
    const message = fails((helpers) => {
      const server = marbleSocket(helpers, ['o', 'o']);
      const dialled = new server('ws://a', ['graphql-ws']);
      new server('ws://a', ['graphql-ws']);
      helpers.cold('--a').subscribe(() => {
        dialled.send('HELLO');
        dialled.close();
      });
      helpers.expectObservable(helpers.cold('-')).toBe('-1');
    });
    expect(message).to.contain('attempt 1, dialled at 0 ms: HELLO; the client left at 2 ms (1005)');
    expect(message).to.match(/attempt 2, dialled at 0 ms: nothing$/);
  });

  it('keeps the error, also one without a stack, and any other thrown value', () => {
    const thrown = Object.assign(new Error('own'), { stack: undefined });
    const asserting = (failed: unknown) =>
      failure(wanting('oa'), () => {
        throw failed;
      });
    expect(asserting('text')).to.equal('text');
    expect(asserting(thrown)).to.equal(thrown);
    expect(thrown.message).to.match(/^own\nthe server saw:/);
    expect(thrown.stack).to.equal(undefined);
  });
});
