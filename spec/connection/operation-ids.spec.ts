import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createOperations } from '../../lib/connection/operations.js';
import { counter } from '../../lib/connection/handshake.js';
import type { ClientMessage } from '../../lib/protocol/codec.js';
import { prepareRequest } from '../../lib/protocol/request.js';
import { virtually } from '../helpers/virtually.js';

const subscription = prepareRequest('subscription { a }');

describe('counter', () => {
  it('counts from "1", and each counter for itself', () => {
    const [a, b] = [counter(), counter()];
    expect([a(), a(), a(), b()]).to.deep.equal(['1', '2', '3', '1']);
  });
});

describe('generateId', () => {
  const nonsense: [string, () => unknown, string][] = [
    ['no string', () => 1, 'got `1` (number)'],
    ['nothing', () => undefined, 'got undefined'],
    ['a promise', () => Promise.resolve('1'), 'got promise'],
    ['an empty string', () => '', 'got `""` (string)'],
  ];
  for (const [what, generateId, got] of nonsense)
    it(
      `that returns ${what} errors the operation, asynchronously`,
      virtually(({ record, advance }) => {
        const sent: ClientMessage[] = [];
        const { run } = createOperations(
          (message) => sent.push(message),
          generateId as () => string,
        );
        const operation = record(run(subscription));
        expect(operation.log).to.deep.equal([]);
        advance(0);
        expect(operation.error).to.include({ name: 'ConfigurationError', option: 'generateId' });
        expect(operation.error.message).to.include(got);
        expect(sent).to.deep.equal([]);
      }),
    );

  it(
    'that gives an id twice errors the second operation, and leaves the first alone',
    virtually(({ record, advance }) => {
      const sent: ClientMessage[] = [];
      const { run } = createOperations(
        (message) => sent.push(message),
        () => 'same',
      );
      const [first, second] = [record(run(subscription)), record(run(subscription))];
      advance(0);
      expect(second.error).to.include({ name: 'ConfigurationError', option: 'generateId' });
      expect(first.log).to.deep.equal([]);
      first.unsubscribe();
      expect(sent.map(({ type }) => type)).to.deep.equal(['subscribe', 'complete']);
    }),
  );

  it(
    'that throws errors the operation, with its cause',
    virtually(({ record, advance }) => {
      const cause = new Error('out of ids');
      const { run } = createOperations(
        () => undefined,
        () => {
          throw cause;
        },
      );
      const operation = record(run(subscription));
      advance(0);
      expect(operation.error).to.include({ name: 'ConfigurationError', cause });
    }),
  );
});

describe('a request that cannot be sent', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const throwing = () => {
    throw new Error('no variables');
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
        const sent: string[] = [];
        const { run, route } = createOperations(
          (message) => sent.push(JSON.stringify(message)),
          counter(),
        );
        const request = prepareRequest({ query: 'subscription { a }', ...fields });
        const operation = record(run(request));
        expect(operation.log).to.deep.equal([]);
        advance(0);
        expect(operation.error).to.include({ name: 'ConfigurationError', option });
        expect(operation.error.message).to.not.include('secret');
        expect(route({ type: 'complete', id: '1' })).to.equal(false);
        expect([sent, timers()]).to.deep.equal([[], 0]);
      }),
    );
});
