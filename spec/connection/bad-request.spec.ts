import { expect } from 'chai';
import { describe, it } from 'mocha';
import { connected } from '../helpers/connected.js';
import { virtually } from '../helpers/virtually.js';
import { current } from '../helpers/wire.js';

describe('a request that cannot be sent', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const throwing = () => {
    throw new Error('mine');
  };
  const bad: [string, object, string][] = [
    ['variables with a BigInt', { variables: { n: 1n } }, 'variables'],
    ['variables with a cycle', { variables: cycle }, 'variables'],
    ['variables whose toJSON throws', { variables: { toJSON: throwing } }, 'variables'],
    ['extensions with a BigInt', { extensions: { n: 1n } }, 'extensions'],
    ['variables() that throws', { variables: throwing }, 'variables'],
    ['extensions() that throws', { extensions: throwing }, 'extensions'],
    ['variables() that returns a string', { variables: () => 'secret' }, 'variables'],
    ['extensions() that returns an array', { extensions: () => ['secret'] }, 'extensions'],
  ];
  for (const [what, fields, option] of bad)
    it(
      `for ${what} is a ConfigurationError, and nothing is left of it`,
      virtually(({ record, advance, timers }) => {
        const { connection, sent, leave } = connected();
        const request = { query: 'subscription { a }', ...fields };
        const operation = record(connection.execute(request));
        expect(operation.log).to.deep.equal([]);
        advance(0);
        expect(operation.error).to.include({ name: 'ConfigurationError', option });
        expect(operation.error.message).to.not.include('secret');
        leave();
        expect([sent(), timers()]).to.deep.equal([[], 0]);
      }),
    );

  it(
    'leaves the operations beside it alone',
    virtually(({ record, advance }) => {
      const { connection, receive, sent } = connected();
      const good = record(connection.execute('subscription { a }'));
      record(connection.execute({ query: '{ a }', variables: { n: 1n } }));
      advance(0);
      receive(current.next('1', { data: 1 }));
      expect(good.values).to.have.length(1);
      expect(sent()).to.have.length(1);
    }),
  );
});
