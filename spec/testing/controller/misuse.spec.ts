import { expect } from 'chai';
import { parse } from 'graphql';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { NEVER } from 'rxjs';
import { GraphQLSocketTestingController, type OperationMatcher } from 'rx-graphql-ws/testing';
import { prices } from './unit.js';

const messageOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
};

describe('GraphQLSocketTestingController explains', () => {
  let controller: GraphQLSocketTestingController;
  const follow = (symbol: string) =>
    controller.subscribe$({ query: prices, variables: { symbol } }).subscribe({
      error: () => undefined,
    });
  const ask = (query: string) => controller.execute$(query).subscribe({ error: () => undefined });
  const expectOne = (matcher: OperationMatcher, description?: string) =>
    messageOf(() => controller.expectOne(matcher, description));
  const sol = '  1: subscription Prices, variables {"symbol":"SOL"}';

  beforeEach(() => {
    controller = new GraphQLSocketTestingController();
  });

  afterEach(() => controller.close());

  it('an operation that is missing, by a list of the others', () => {
    follow('SOL');
    ask('{ me { name } }');
    controller.expectNone('Limit');
    follow('ETH').unsubscribe();
    ask('mutation { rename }');
    controller.expectOne(/rename/);
    expect(expectOne('Price')).to.equal(
      [
        'expected one operation that matches "Price", found none; there are:',
        sol,
        '  2: "{ me { name } }"',
        '  3: subscription Prices, variables {"symbol":"ETH"} (was unsubscribed by the client)',
        'expected before, and open:',
        '  4: "mutation { rename }"',
      ].join('\n'),
    );
  });

  for (const [matcher, shown] of [
    ['Prices', '"Prices"'],
    [/Prices$/m, '/Prices$/m'],
    [parse('subscription {\n  b\n}'), '"subscription { b }"'],
    [{ operationName: 'A', variables: { a: [1] } }, '{ operationName: "A", variables: {"a":[1]} }'],
    [{ query: /b/ }, '{ query: /b/ }'],
    [() => false, 'the predicate'],
    [
      function isPrice() {
        return false;
      },
      'the predicate isPrice',
    ],
  ] satisfies [OperationMatcher, string][])
    it(`the matcher ${shown}`, () => {
      expect(expectOne(matcher)).to.equal(
        `expected one operation that matches ${shown}, found none; nothing is subscribed`,
      );
    });

  it('the expectation by its description', () => {
    expect(expectOne('Prices', 'the price of SOL')).to.contain('matches the price of SOL, found');
    follow('SOL');
    const none = messageOf(() => controller.expectNone('Prices', 'any price'));
    expect(none).to.equal(`expected no operation that matches any price, found 1:\n${sol}`);
    const shown = messageOf(() => controller.expectNone(/price/));
    expect(shown).to.equal(`expected no operation that matches /price/, found 1:\n${sol}`);
  });

  it('that several operations match', () => {
    follow('SOL');
    follow('ETH');
    expect(expectOne('Prices')).to.equal(
      [
        'expected one operation that matches "Prices", found 2:',
        sol,
        '  2: subscription Prices, variables {"symbol":"ETH"}',
        'narrow it, for example by { operationName, variables }, or take them with match()',
      ].join('\n'),
    );
  });

  it('why there is no operation', () => {
    const reason = () => expectOne('Prices').split('; ')[1];
    expect(reason()).to.equal('nothing is subscribed');
    follow('SOL');
    controller.expectOne('Prices').complete();
    expect(reason()).to.equal('nothing else was sent');
    follow('SOL');
    controller.disconnect();
    expect(reason()).to.equal('the connection is down, and reconnect() comes first');
    controller.reconnect();
    controller.disconnect({ code: 4429, reason: 'too many' });
    expect(reason()).to.equal('the connection failed: connection closed: 4429 too many');
    controller.close();
    expect(reason()).to.equal('the socket was closed');
  });

  it('that the connection waits for an option', () => {
    const waits = 'the connection waits for an option that is asynchronous: `url`';
    controller = new GraphQLSocketTestingController({ connectionParams: NEVER });
    follow('SOL');
    expect(expectOne('Prices')).to.contain(waits);
    let asked = 0;
    controller = new GraphQLSocketTestingController({
      connectionParams: () => ((asked += 1) === 2 ? NEVER : {}),
      retry: { shouldRetry: () => true },
    });
    follow('SOL');
    controller.disconnect();
    controller.reconnect();
    expect(expectOne('Prices')).to.contain(waits);
  });

  it('a wrong matcher', () => {
    const kinds =
      'expected `matcher` to be a string, a RegExp, a document, a function, or an object of query, operationName, variables, got';
    for (const [matcher, message] of [
      [undefined, `${kinds} undefined`],
      [null, `${kinds} null`],
      [7, `${kinds} 7`],
      [['Prices'], `${kinds} ["Prices"]`],
      [{ name: 'A' }, 'matcher: unknown member `name`: there are query, operationName, variables'],
      [
        parse('{ a }', { noLocation: true }),
        'a matcher has no text: a DocumentNode without `loc` needs `print` in the configuration',
      ],
    ] as const)
      expect(expectOne(matcher as never)).to.equal(message);
  });

  it('which operations verify() found', () => {
    follow('SOL');
    expect(messageOf(() => controller.verify({ ignoreOpen: true }))).to.contain(sol);
    follow('ETH');
    follow('BTC').unsubscribe();
    controller.expectOne({ variables: { symbol: 'SOL' } });
    expect(messageOf(() => controller.verify())).to.equal(
      [
        'verify(): unexpected operations:',
        '  2: subscription Prices, variables {"symbol":"ETH"}',
        '  3: subscription Prices, variables {"symbol":"BTC"} (was unsubscribed by the client)',
        'take them with expectOne() or match()',
        'still open at the server:',
        sol,
        'unsubscribe in the unit (is it destroyed?), or complete() them; else verify({ ignoreOpen: true })',
      ].join('\n'),
    );
    controller.match('Prices');
    controller.verify({ ignoreOpen: true });
    expect(messageOf(() => controller.verify())).to.match(/^verify\(\): still open at the server:/);
  });

  it('that a query has its result', () => {
    ask('query Me { me }');
    const me = controller.expectOne('Me');
    expect(messageOf(() => controller.verify())).to.contain('1: query Me');
    me.next({ me: 1 });
    controller.verify();
    for (const use of [
      () => me.next({ me: 2 }),
      () => me.result({ data: 2 }),
      () => me.error('no'),
    ])
      expect(messageOf(use)).to.match(/: operation 1 \(query Me\) has had its only result$/);
    me.complete();
    expect(messageOf(me.complete)).to.equal(
      'complete(): operation 1 (query Me) was ended by complete()',
    );
  });

  for (const [end, standing] of [
    ['complete', 'was ended by complete()'],
    ['error', 'was ended by error()'],
    ['unsubscribe', 'was unsubscribed by the client'],
    ['disconnect', 'was lost with its connection: expect the one that is sent after reconnect()'],
  ] as const)
    it(`that an operation ${standing}`, () => {
      const text = 'operation 1 (subscription Prices, variables {"symbol":"SOL"})';
      const subscription = follow('SOL');
      const operation = controller.expectOne('Prices');
      const toBe = (state: string) => `expected ${text} to be unsubscribed, but it ${state}`;
      expect(messageOf(operation.expectUnsubscribed)).to.equal(toBe('is open'));
      if (end === 'complete') operation.complete();
      if (end === 'error') operation.error('no');
      if (end === 'unsubscribe') subscription.unsubscribe();
      else {
        if (end !== 'disconnect') controller.disconnect({ code: 1001 });
        else controller.disconnect();
        expect(messageOf(operation.expectUnsubscribed)).to.equal(toBe(standing));
      }
      for (const method of ['next', 'result', 'error', 'complete'] as const)
        expect(messageOf(() => operation[method]({} as never))).to.equal(
          `${method}(): ${text} ${standing}`,
        );
    });

  it('a persisted query by its extensions', () => {
    const extensions = { hash: 'abc' };
    controller.subscribe$({ query: '', extensions }).subscribe();
    controller.subscribe$({ query: '', operationName: 'A', extensions }).subscribe();
    expect(expectOne('B')).to.contain('\n  1: {"hash":"abc"}\n  2: operation A');
  });

  it('that the connection is down already', () => {
    follow('SOL');
    controller.expectOne('Prices');
    controller.disconnect();
    expect(messageOf(() => controller.disconnect())).to.equal(
      'disconnect(): the connection is down already; reconnect() comes first',
    );
  });
});
