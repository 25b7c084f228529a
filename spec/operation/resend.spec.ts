import { expect } from 'chai';
import { describe } from 'mocha';
import { Subject } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import { execute } from '../../lib/operation/execute.js';
import type { GraphQLRequest } from '../../lib/types.js';
import { connected } from '../helpers/connected.js';
import { advance, record, test } from '../helpers/test.js';
import { current } from '../helpers/wire.js';

const lost = new ConnectionClosedError(1006, '', false);

/** Runs an operation on one connection, loses it, and goes on with another. */
function overALoss(
  request: string | GraphQLRequest,
  options: { resend?: boolean } = {},
  answer?: object,
) {
  const [first, second] = [connected(), connected()];
  const connection$ = new Subject<Connection>();
  const operation = record(connection$.pipe(execute(request, options)));
  connection$.next(first.connection);
  if (answer) first.receive(current.next('1', answer));
  first.lose(lost);
  connection$.next(second.connection);
  return { operation, first: first.sent(), second: second.sent() };
}

const sent = (query: string) => [current.subscribe('1', { query })];

describe('resend', () => {
  for (const query of ['subscription { a }', '{ a }', 'query Q { a }'])
    test(`is true for \`${query}\``, () => {
      const { operation, first, second } = overALoss(query);
      expect([operation.log, first, second]).to.deep.equal([[], sent(query), sent(query)]);
    });

  const unsafe = [
    'mutation { a }',
    'fragment F on T { a } mutation M { ...F }',
    '# query\nmutation { a }',
  ];
  for (const query of unsafe)
    test(`is false for \`${query.replace('\n', ' ')}\`: it may have run`, () => {
      const { operation, second } = overALoss(query);
      expect(operation.error).to.include({ name: 'ConnectionLostError', operationId: '1' });
      expect(operation.error.cause).to.equal(lost);
      expect(second).to.deep.equal([]);
    });

  test('is false where the document does not tell', () => {
    const persisted = { query: '', extensions: { persistedQuery: { version: 1 } } };
    const { operation, second } = overALoss(persisted);
    expect(operation.error).to.include({ name: 'ConnectionLostError' });
    expect(second).to.deep.equal([]);
  });

  test('looks at the operation that is named', () => {
    const query = 'query Q { a } mutation M { b }';
    expect(overALoss({ query, operationName: 'Q' }).second).to.have.length(1);
    expect(overALoss({ query, operationName: 'M' }).second).to.deep.equal([]);
  });

  test('overrides both ways', () => {
    expect(overALoss('mutation { a }', { resend: true }).second).to.have.length(1);
    for (const query of ['subscription { a }', '{ a }']) {
      const { operation, second } = overALoss(query, { resend: false });
      expect(operation.error).to.include({ name: 'ConnectionLostError', operationId: '1' });
      expect(second).to.deep.equal([]);
    }
  });

  test('is not needed by what has been answered: it completes', () => {
    for (const query of ['{ a }', 'mutation { a }']) {
      const { operation, second } = overALoss(query, {}, { data: { a: 1 } });
      expect(operation.log.at(-1)).to.deep.equal([0, 'complete']);
      expect(second).to.deep.equal([]);
    }
  });

  test('sends a subscription again that has had results', () => {
    const { operation, second } = overALoss('subscription { a }', {}, { data: { a: 1 } });
    expect(operation.log).to.have.length(1);
    expect(second).to.have.length(1);
  });

  test('asks variables and extensions afresh for each send', () => {
    let asked = 0;
    const query = 'subscription { a }';
    const { first, second } = overALoss({
      query,
      variables: () => ({ n: (asked += 1) }),
      extensions: () => ({ e: (asked += 1) }),
    });
    const payload = (n: number) => ({ query, variables: { n }, extensions: { e: n + 1 } });
    expect(first).to.deep.equal([current.subscribe('1', payload(1))]);
    expect(second).to.deep.equal([current.subscribe('1', payload(3))]);
  });

  test('errors when the second send fails', () => {
    let asked = 0;
    const variables = () => {
      asked += 1;
      if (asked > 1) throw new Error('mine');
      return {};
    };
    const { operation } = overALoss({ query: 'subscription { a }', variables });
    advance(0);
    expect(operation.error).to.include({ name: 'ConfigurationError', option: 'variables' });
  });

  test('sends what was given when it was subscribed, whatever the caller does to it later', () => {
    const request = { query: 'subscription { a }', variables: { n: 1 }, operationName: 'A' };
    const connection$ = new Subject<Connection>();
    const { connection, sent } = connected();
    const operation = record(connection$.pipe(execute(request)));
    Object.assign(request, { query: 'mutation { b }', operationName: 'B', variables: { n: 2 } });
    connection$.next(connection);
    const payload = { query: 'subscription { a }', variables: { n: 1 }, operationName: 'A' };
    expect(sent()).to.deep.equal([current.subscribe('1', payload)]);
    operation.unsubscribe();
  });
});
