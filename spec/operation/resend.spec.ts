import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Subject } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import { execute } from '../../lib/operation/execute.js';
import type { GraphQLRequest } from '../../lib/types.js';
import { connected } from '../helpers/connected.js';
import type { VirtualTime } from '../helpers/virtually.js';
import { virtually } from '../helpers/virtually.js';
import { current } from '../helpers/wire.js';

const lost = new ConnectionClosedError(1006, '', false);

/** Runs an operation on one connection, loses it, and goes on with another. */
function overALoss(
  { record }: VirtualTime,
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
    it(
      `is true for \`${query}\``,
      virtually((time) => {
        const { operation, first, second } = overALoss(time, query);
        expect([operation.log, first, second]).to.deep.equal([[], sent(query), sent(query)]);
      }),
    );

  const unsafe = [
    'mutation { a }',
    'fragment F on T { a } mutation M { ...F }',
    '# query\nmutation { a }',
  ];
  for (const query of unsafe)
    it(
      `is false for \`${query.replace('\n', ' ')}\`: it may have run`,
      virtually((time) => {
        const { operation, second } = overALoss(time, query);
        expect(operation.error).to.include({ name: 'ConnectionLostError', operationId: '1' });
        expect(operation.error.cause).to.equal(lost);
        expect(second).to.deep.equal([]);
      }),
    );

  it(
    'is false where the document does not tell',
    virtually((time) => {
      const persisted = { query: '', extensions: { persistedQuery: { version: 1 } } };
      const { operation, second } = overALoss(time, persisted);
      expect(operation.error).to.include({ name: 'ConnectionLostError' });
      expect(second).to.deep.equal([]);
    }),
  );

  it(
    'looks at the operation that is named',
    virtually((time) => {
      const query = 'query Q { a } mutation M { b }';
      expect(overALoss(time, { query, operationName: 'Q' }).second).to.have.length(1);
      expect(overALoss(time, { query, operationName: 'M' }).second).to.deep.equal([]);
    }),
  );

  it(
    'overrides both ways',
    virtually((time) => {
      expect(overALoss(time, 'mutation { a }', { resend: true }).second).to.have.length(1);
      for (const query of ['subscription { a }', '{ a }']) {
        const { operation, second } = overALoss(time, query, { resend: false });
        expect(operation.error).to.include({ name: 'ConnectionLostError', operationId: '1' });
        expect(second).to.deep.equal([]);
      }
    }),
  );

  it(
    'is not needed by what has been answered: it completes',
    virtually((time) => {
      for (const query of ['{ a }', 'mutation { a }']) {
        const { operation, second } = overALoss(time, query, {}, { data: { a: 1 } });
        expect(operation.log.at(-1)).to.deep.equal([0, 'complete']);
        expect(second).to.deep.equal([]);
      }
    }),
  );

  it(
    'sends a subscription again that has had results',
    virtually((time) => {
      const { operation, second } = overALoss(time, 'subscription { a }', {}, { data: { a: 1 } });
      expect(operation.log).to.have.length(1);
      expect(second).to.have.length(1);
    }),
  );

  it(
    'asks variables and extensions afresh for each send',
    virtually((time) => {
      let asked = 0;
      const query = 'subscription { a }';
      const { first, second } = overALoss(time, {
        query,
        variables: () => ({ n: (asked += 1) }),
        extensions: () => ({ e: (asked += 1) }),
      });
      const payload = (n: number) => ({ query, variables: { n }, extensions: { e: n + 1 } });
      expect(first).to.deep.equal([current.subscribe('1', payload(1))]);
      expect(second).to.deep.equal([current.subscribe('1', payload(3))]);
    }),
  );

  it(
    'errors when the second send fails',
    virtually((time) => {
      let asked = 0;
      const variables = () => {
        asked += 1;
        if (asked > 1) throw new Error('mine');
        return {};
      };
      const { operation } = overALoss(time, { query: 'subscription { a }', variables });
      time.advance(0);
      expect(operation.error).to.include({ name: 'ConfigurationError', option: 'variables' });
    }),
  );

  it(
    'sends what was given when it was subscribed, whatever the caller does to it later',
    virtually((time) => {
      const request = { query: 'subscription { a }', variables: { n: 1 }, operationName: 'A' };
      const connection$ = new Subject<Connection>();
      const { connection, sent } = connected();
      const operation = time.record(connection$.pipe(execute(request)));
      Object.assign(request, { query: 'mutation { b }', operationName: 'B', variables: { n: 2 } });
      connection$.next(connection);
      const payload = { query: 'subscription { a }', variables: { n: 1 }, operationName: 'A' };
      expect(sent()).to.deep.equal([current.subscribe('1', payload)]);
      operation.unsubscribe();
    }),
  );
});
