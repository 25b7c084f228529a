import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ConfigurationError } from '../../lib/errors.js';
import { checkSubprotocols, defaultSubprotocols } from '../../lib/transport/address.js';

const check = (names: unknown) => () => checkSubprotocols('subprotocols', names);

describe('defaultSubprotocols', () => {
  it('has the current protocol before the legacy one', () => {
    expect(defaultSubprotocols).to.deep.equal(['graphql-transport-ws', 'graphql-ws']);
  });
});

describe('checkSubprotocols', () => {
  for (const names of [
    [],
    ['graphql-ws'],
    ['graphql-ws', 'header-eyJhIjoxfQ'],
    ["!#$%&'*+-.^_`|~09azAZ"],
  ])
    it(`takes ${JSON.stringify(names)}`, () => {
      expect(check(names)).not.to.throw();
    });

  const refused: [names: unknown, kind: string][] = [
    ['secret', 'string'],
    [undefined, 'undefined'],
    [null, 'null'],
    [new Set(['secret']), 'object'],
    [['secret', 'secret'], 'array'],
    [[''], 'array'],
    [['with space'], 'array'],
    [['header-secret=='], 'array'],
    [['a,b'], 'array'],
    [['a\r\nx: secret'], 'array'],
    [['é'], 'array'],
    [['graphql-ws\n'], 'array'],
    [[1], 'array'],
    [[undefined], 'array'],
  ];
  for (const [names, kind] of refused)
    it(`refuses ${JSON.stringify(names)}, and shows none of it`, () => {
      expect(check(names))
        .to.throw(ConfigurationError)
        .that.includes({
          option: 'subprotocols',
          message: `expected \`subprotocols\` to be a list of distinct subprotocol names, got ${kind}`,
        });
    });
});
