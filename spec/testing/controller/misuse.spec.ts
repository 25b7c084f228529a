import { expect } from 'chai';
import { parse } from 'graphql';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { NEVER } from 'rxjs';
import { ConfigurationError, type GraphQLSocketConfig } from 'rx-graphql-ws';
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

describe('misuse of GraphQLSocketTestingController', () => {
  let controller: GraphQLSocketTestingController;
  const follow = (symbol: string) =>
    controller.subscribe$({ query: prices, variables: { symbol } }).subscribe({
      error: () => undefined,
    });
  const ask = (query: string) => controller.execute$(query).subscribe({ error: () => undefined });
  const expectOne = (matcher: OperationMatcher, description?: string) =>
    messageOf(() => controller.expectOne(matcher, description));

  beforeEach(() => {
    controller = new GraphQLSocketTestingController();
  });

  afterEach(() => {
    controller.close();
  });

  it('lists what there is when one was expected and none matches', () => {
    follow('SOL');
    ask('{ me { name } }');
    controller.expectNone('Limit');
    follow('ETH').unsubscribe();
    ask('mutation { rename }');
    controller.expectOne(/rename/);
    expect(expectOne('Price')).to.equal(
      [
        'expected one operation that matches "Price", found none; there are:',
        '  1: subscription Prices, variables {"symbol":"SOL"}',
        '  2: "{ me { name } }"',
        '  3: subscription Prices, variables {"symbol":"ETH"} (was unsubscribed by the client)',
        'expected before, and open:',
        '  4: "mutation { rename }"',
      ].join('\n'),
    );
  });

  it('tells apart what is there and what was expected before', () => {
    follow('SOL');
    controller.expectOne('Prices');
    expect(expectOne('Prices')).to.equal(
      'expected one operation that matches "Prices", found none; expected before, and open:\n' +
        '  1: subscription Prices, variables {"symbol":"SOL"}',
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
    it(`names the matcher ${shown}`, () => {
      expect(expectOne(matcher)).to.equal(
        `expected one operation that matches ${shown}, found none; nothing is subscribed`,
      );
    });

  it('calls what is expected by its description', () => {
    expect(expectOne('Prices', 'the price of SOL')).to.match(
      /^expected .* the price of SOL, found/,
    );
    follow('SOL');
    expect(messageOf(() => controller.expectNone('Prices', 'any price'))).to.equal(
      'expected no operation that matches any price, found 1:\n  1: subscription Prices, variables {"symbol":"SOL"}',
    );
  });

  it('lists all that match where one was expected', () => {
    follow('SOL');
    follow('ETH');
    expect(expectOne('Prices')).to.equal(
      [
        'expected one operation that matches "Prices", found 2:',
        '  1: subscription Prices, variables {"symbol":"SOL"}',
        '  2: subscription Prices, variables {"symbol":"ETH"}',
        'narrow it, by { operationName, variables } say, or take them with match()',
      ].join('\n'),
    );
  });

  it('lists what matches where none was expected', () => {
    follow('SOL');
    expect(messageOf(() => controller.expectNone(/price/))).to.equal(
      'expected no operation that matches /price/, found 1:\n  1: subscription Prices, variables {"symbol":"SOL"}',
    );
  });

  it('tells why there is nothing at all', () => {
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

  it('tells what keeps the connection', () => {
    controller = new GraphQLSocketTestingController({ connectionParams: NEVER });
    follow('SOL');
    expect(expectOne('Prices')).to.match(
      /; the connection waits for an option that is asynchronous: `url`, `connectionParams`, …$/,
    );
  });

  it('tells that a retry waits for reconnect(), whatever the reason', () => {
    let asked = 0;
    controller = new GraphQLSocketTestingController({
      connectionParams: () => ((asked += 1) === 2 ? NEVER : {}),
      retry: { shouldRetry: () => true },
    });
    follow('SOL');
    controller.disconnect();
    controller.reconnect();
    expect(expectOne('Prices')).to.contain('an option that is asynchronous');
  });

  it('refuses what is no matcher', () => {
    const kinds =
      'a matcher is a string, a RegExp, a document, a function, or an object of query, operationName, variables; not ';
    for (const [matcher, shown] of [
      [undefined, 'undefined'],
      [null, 'null'],
      [7, '7'],
      [['Prices'], '["Prices"]'],
      [{ name: 'Prices' }, 'name'],
    ] as const)
      expect(expectOne(matcher as never)).to.equal(kinds + shown);
  });

  it('refuses a document without text', () => {
    expect(expectOne(parse('{ a }', { noLocation: true }))).to.equal(
      'a matcher has no text: a DocumentNode without `loc` needs `print` in the configuration',
    );
  });

  it('lists what nobody expected and what is still open', () => {
    follow('SOL');
    follow('ETH');
    controller.expectNone('Limit');
    follow('BTC').unsubscribe();
    controller.expectOne({ variables: { symbol: 'SOL' } });
    expect(messageOf(() => controller.verify())).to.equal(
      [
        'verify(): nobody expected:',
        '  2: subscription Prices, variables {"symbol":"ETH"}',
        '  3: subscription Prices, variables {"symbol":"BTC"} (was unsubscribed by the client)',
        'take them with expectOne() or match()',
        'still open at the server:',
        '  1: subscription Prices, variables {"symbol":"SOL"}',
        'unsubscribe in the unit (is it destroyed?), or complete() them; else verify({ ignoreOpen: true })',
      ].join('\n'),
    );
  });

  it('finds what was sent by nobody asking', () => {
    follow('SOL');
    expect(messageOf(() => controller.verify({ ignoreOpen: true }))).to.contain('1: subscription');
    controller.expectOne('Prices');
    controller.verify({ ignoreOpen: true });
    expect(messageOf(() => controller.verify())).to.match(/^verify\(\): still open at the server:/);
  });

  it('wants a query answered, and no more', () => {
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

  it('refuses to go on with what has ended', () => {
    const ended = {
      complete: 'was ended by complete()',
      error: 'was ended by error()',
      unsubscribe: 'was unsubscribed by the client',
      disconnect: 'was lost with its connection: expect the one that is sent after reconnect()',
    };
    const text = (id: string) =>
      `operation ${id} (subscription Prices, variables {"symbol":"SOL"})`;
    for (const [end, standing] of Object.entries(ended)) {
      const subscription = follow('SOL');
      const operation = controller.expectOne('Prices');
      const { id } = operation;
      expect(messageOf(operation.expectUnsubscribed)).to.equal(
        `expected ${text(id)} to be unsubscribed, but it is open`,
      );
      if (end === 'complete') operation.complete();
      if (end === 'error') operation.error('no');
      if (end === 'unsubscribe') subscription.unsubscribe();
      if (end === 'disconnect') controller.disconnect();
      for (const method of ['next', 'result', 'error', 'complete'] as const)
        expect(messageOf(() => operation[method]({} as never))).to.equal(
          `${method}(): ${text(id)} ${standing}`,
        );
      if (end !== 'unsubscribe')
        expect(messageOf(operation.expectUnsubscribed)).to.equal(
          `expected ${text(id)} to be unsubscribed, but it ${standing}`,
        );
    }
  });

  it('tells how an operation ended, not that its connection was lost since', () => {
    follow('SOL');
    const operation = controller.expectOne('Prices');
    operation.complete();
    controller.disconnect();
    expect(messageOf(operation.complete)).to.match(/ was ended by complete\(\)$/);
  });

  it('names a persisted query by its extensions', () => {
    controller.subscribe$({ query: '', extensions: { hash: 'abc' } }).subscribe();
    controller
      .subscribe$({ query: '', operationName: 'A', extensions: { hash: 'abc' } })
      .subscribe();
    expect(expectOne('B')).to.contain('\n  1: {"hash":"abc"}\n  2: operation A');
  });

  it('refuses to lose a connection twice', () => {
    controller.disconnect();
    expect(messageOf(() => controller.disconnect())).to.equal(
      'disconnect(): the connection is down already; reconnect() comes first',
    );
  });

  it('refuses to bring back what is there', () => {
    follow('SOL');
    controller.expectOne('Prices');
    expect(messageOf(() => controller.reconnect())).to.equal(
      'reconnect(): the connection is up; disconnect() comes first',
    );
  });

  for (const config of [
    { retry: 3 },
    { retry: true },
    { retry: [] },
    { retry: null },
    { retry: { delays: 1 } },
    { urls: 'ws://x' },
    3,
    null,
    'ws://x',
  ])
    it(`refuses ${JSON.stringify(config)}`, () => {
      expect(
        () => new GraphQLSocketTestingController(config as Partial<GraphQLSocketConfig>),
      ).to.throw(ConfigurationError);
    });

  it('takes retry: false, and an instance of a class', () => {
    class Retry {
      readonly resetAfter = 1;
    }
    for (const retry of [false, new Retry(), undefined] as const)
      new GraphQLSocketTestingController({ retry }).close();
  });
});
