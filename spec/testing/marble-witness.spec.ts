import { expect } from 'chai';
import { describe, it } from 'mocha';
import { map } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { TestScheduler } from 'rxjs/testing';
import { marbleEqual, marbleSocket } from 'rx-graphql-ws/testing';
import { complete, document, init, run, socketOver, subscribe } from './marble-test.js';

function failure(
  test: (helpers: RunHelpers) => void,
  assertDeepEqual: (actual: unknown, expected: unknown) => void = marbleEqual,
): Error {
  try {
    new TestScheduler(assertDeepEqual).run(test);
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

const wanting =
  (script: string, unsubscription = '^ 9ms !') =>
  (helpers: RunHelpers) => {
    const server = marbleSocket(helpers, () => script);
    helpers.expectObservable(socketOver(server).subscribe$(document), unsubscription).toBe('-1');
  };

describe('an expectation that fails over marbleSocket', () => {
  for (const [what, script, seen] of [
    [
      'was never opened',
      '-',
      'attempt 1, dialled at 0 ms: nothing, it was never opened; the client left at 10 ms (1000)',
    ],
    [
      'was never acknowledged',
      'o',
      'attempt 1, dialled at 0 ms: connection_init; the client left at 10 ms (1000)',
    ],
    [
      'gave no result',
      'oa',
      'attempt 1, dialled at 0 ms: connection_init, subscribe, complete; the client left at 10 ms (1000)',
    ],
  ] as const)
    it(`says what the server saw of a connection that ${what}`, () => {
      const error = failure(wanting(script));
      expect(error.message).to.match(/^marbles differ:/);
      expect(error.message.split('\n').slice(-2)).to.deep.equal(['the server saw:', `  ${seen}`]);
      expect(error.stack).to.contain(seen);
    });

  it('says when nothing was dialled', () => {
    const error = failure((helpers) => {
      marbleSocket(helpers, ['oa']);
      helpers.expectObservable(helpers.cold('-')).toBe('-1');
    });
    expect(error.message).to.match(/\nthe server saw no dial: is it the `webSocketImpl`, and/);
  });

  it('tells of five sockets', () => {
    const { message } = failure(wanting('x', '^ 6080ms !'));
    expect(message).to.contain('attempt 5, dialled at 2000 ms: nothing');
    expect(message).to.match(/\n {2}… and 4 more$/);
  });

  it('shows a frame that is no message', () => {
    const { message } = failure((helpers) => {
      const server = marbleSocket(helpers, ['o', 'o']);
      helpers.cold('--a').subscribe(() => {
        dialled.send('HELLO');
        dialled.close();
      });
      const dialled = new server('ws://a', ['graphql-ws']);
      new server('ws://a', ['graphql-ws']);
      helpers.expectObservable(helpers.cold('-')).toBe('-1');
    });
    expect(message).to.contain('attempt 1, dialled at 0 ms: HELLO; the client left at 2 ms (1005)');
    expect(message).to.match(/attempt 2, dialled at 0 ms: nothing$/);
  });

  it('says it once, whatever was asserted', () => {
    const { message } = failure((helpers) => {
      marbleSocket(helpers, ['oa']);
      marbleSocket(helpers, ['oa']);
      helpers.expectObservable(helpers.cold('-')).toBe('-1');
    });
    expect(message.match(/the server saw/g)).to.have.length(1);
  });

  it('leaves alone what is no error, and an error without a stack', () => {
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

describe('a ping of the client', () => {
  const pinging = { pingInterval: 10, pongTimeout: 5 };

  it(
    'is answered by marbleSocket',
    run((helpers) => {
      const server = marbleSocket(helpers, ['oa']);
      const { connection$ } = socketOver(server, pinging);
      helpers.expectObservable(connection$.pipe(map(() => 'c')), '^ 35ms !').toBe('-c');
      helpers.expectObservable(server.sent$, '^ 35ms !').toBe('i 10ms p 9ms p 9ms p', {
        i: init,
        p: { type: 'ping' },
      });
    }),
  );

  it(
    'is not answered if it was told so',
    run((helpers) => {
      const server = marbleSocket(helpers, () => 'oa', {}, { answerPings: false });
      const data$ = socketOver(server, pinging).subscribe$(document);
      helpers.expectObservable(data$, '^ 20ms !').toBe('');
      helpers.expectObservable(server.sent$, '^ 20ms !').toBe('is 9ms p', {
        i: init,
        s: subscribe('1'),
        p: { type: 'ping' },
        c: complete('1'),
      });
    }),
  );
});
