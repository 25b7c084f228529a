import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ConfigurationError, graphqlSocket } from 'rx-graphql-ws';

const socket = graphqlSocket({ url: 'ws://example.org/graphql' });
const document = 'query { a }';

const operation = {
  resend: ['yes', 'a boolean', '`"yes"` (string)'],
  onServerComplete: ['resend', "'complete' or 'restart'", '`"resend"` (string)'],
} as const;
const data = {
  ...operation,
  errorPolicy: ['all', "'none' or 'ignore'", '`"all"` (string)'],
} as const;
const single = {
  ...data,
  sendWithin: ['5s', 'a number of milliseconds ≥ 0', '`"5s"` (string)'],
} as const;

const methods = [
  ['execute$', operation, { resend: true, onServerComplete: 'restart' }],
  ['payload$', operation, { resend: false, onServerComplete: 'complete' }],
  ['subscribe$', data, { resend: true, onServerComplete: 'restart', errorPolicy: 'ignore' }],
  ['query$', single, { resend: true, errorPolicy: 'none', sendWithin: 0 }],
  ['mutate$', single, { resend: true, errorPolicy: 'ignore', sendWithin: 5_000 }],
] as const;

for (const [method, options, good] of methods) {
  const call = (given: unknown) => () => socket[method](document, given as never);

  describe(method, () => {
    it(`takes ${Object.keys(good).join()}`, () => {
      expect(call(undefined)).not.to.throw();
      expect(call({})).not.to.throw();
      expect(call(good)).not.to.throw();
      const absent = Object.fromEntries(Object.keys(good).map((name) => [name, undefined]));
      expect(call(absent)).not.to.throw();
    });

    for (const [option, [bad, expectation, got]] of Object.entries(options))
      it(`refuses ${option}: ${bad}, at once`, () => {
        expect(call({ [option]: bad }))
          .to.throw(ConfigurationError)
          .that.includes({
            option,
            message: `expected \`${option}\` to be ${expectation}, got ${got}`,
          });
      });

    for (const option of ['resent', 'rows', 'recover', 'dedicated', 'share'])
      it(`refuses ${option}, which it does not know`, () => {
        expect(call({ [option]: undefined }))
          .to.throw(ConfigurationError, `unknown option \`${option}\`: `)
          .with.property('option', option);
      });

    for (const unknown of Object.keys(single).filter((name) => !(name in options)))
      it(`refuses ${unknown}, which is another method’s`, () => {
        expect(call({ [unknown]: undefined })).to.throw(ConfigurationError, `\`${unknown}\``);
      });

    for (const [given, kind] of [
      [null, 'null'],
      ['ignore', 'string'],
      [5_000, 'number'],
      [[], 'array'],
    ] as const)
      it(`refuses ${kind} instead of options`, () => {
        expect(call(given))
          .to.throw(ConfigurationError)
          .with.property('message', `expected \`options\` to be an object, got ${kind}`);
      });
  });
}
