import { expect } from 'chai';
import { it } from 'mocha';
import { ConfigurationError, graphqlSocket } from 'rx-graphql-ws';

export const url = 'ws://example.org/graphql';

/** Creates a socket when it is called. */
export const create = (config: object) => () => graphqlSocket({ url, ...config });

/** The test that a config is refused. */
export function refuses(config: object, option: string, message: string): void {
  it(`refuses ${option}: ${message}`, () =>
    expect(create(config)).to.throw(ConfigurationError).that.includes({ option, message }));
}
