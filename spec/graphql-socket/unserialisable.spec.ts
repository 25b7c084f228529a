import { expect } from 'chai';
import { describe } from 'mocha';
import { graphqlSocket } from '../../lib/index.js';
import { advance, record, test } from '../helpers/test.js';

const never = function () {
  throw new Error('dialled');
};

describe('a request that cannot be serialised', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;

  for (const [what, value] of [
    ['a BigInt', { n: 1n }],
    ['a cycle', cycle],
  ] as const) {
    for (const option of ['variables', 'extensions'] as const) {
      test(`for ${what} in its ${option} errors before there is a dial, and not at once`, () => {
        const socket = graphqlSocket({ url: 'ws://a', webSocketImpl: never as never });
        const stream = record(socket.subscribe$({ query: 'subscription { a }', [option]: value }));
        expect(stream.error).to.equal(undefined);
        advance(1);
        expect(stream.error).to.include({ name: 'ConfigurationError', option });
      });
    }
  }
});
