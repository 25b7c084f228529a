import { expect } from 'chai';
import { describe, it } from 'mocha';
import { inspect } from 'node:util';
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
const subscribe = {
  ...data,
  share: ['yes', 'true or false or an object', '`"yes"` (string)'],
} as const;
const single = {
  ...data,
  sendWithin: ['5s', 'a number of milliseconds ≥ 0', '`"5s"` (string)'],
} as const;

const methods = [
  ['execute$', operation, { resend: true, onServerComplete: 'restart' }],
  ['payload$', operation, { resend: false, onServerComplete: 'complete' }],
  [
    'subscribe$',
    subscribe,
    { resend: true, onServerComplete: 'restart', errorPolicy: 'ignore', share: true },
  ],
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

    for (const [option, [bad, expectation, got]] of Object.entries<
      readonly [string, string, string]
    >(options))
      it(`refuses ${option}: ${bad}, at once`, () => {
        expect(call({ [option]: bad }))
          .to.throw(ConfigurationError)
          .that.includes({
            option,
            message: `expected \`${option}\` to be ${expectation}, got ${got}`,
          });
      });

    for (const option of ['resent', 'rows', 'recover', 'dedicated'])
      it(`refuses ${option}, which it does not know`, () => {
        expect(call({ [option]: undefined }))
          .to.throw(ConfigurationError, `unknown option \`${option}\`: `)
          .with.property('option', option);
      });

    for (const unknown of Object.keys({ ...single, ...subscribe }).filter(
      (name) => !(name in options),
    ))
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

describe('share', () => {
  const call = (share: unknown) => () => socket.subscribe$(document, { share } as never);

  for (const good of [
    true,
    false,
    {},
    { replay: 0, linger: 0 },
    { replay: Infinity, linger: 60_000 },
    { replay: undefined, linger: undefined },
  ])
    it(`may be ${JSON.stringify(good)}`, () => {
      expect(call(good)).not.to.throw();
    });

  for (const [bad, option, expectation] of [
    [null, 'share', 'true or false or an object, got null'],
    [
      1,
      'share',
      'true or false or an object (`{ replay: 1 }` or `{ linger: 1 }`?), got `1` (number)',
    ],
    [[], 'share', 'true or false or an object, got array'],
    [{ replay: -1 }, 'share.replay', 'a whole number ≥ 0 or Infinity, got `-1` (number)'],
    [{ replay: 1.5 }, 'share.replay', 'a whole number ≥ 0 or Infinity, got `1.5` (number)'],
    [{ replay: NaN }, 'share.replay', 'a whole number ≥ 0 or Infinity, got `NaN` (number)'],
    [{ replay: true }, 'share.replay', 'a whole number ≥ 0 or Infinity, got `true` (boolean)'],
    [{ linger: '5s' }, 'share.linger', 'a number of milliseconds ≥ 0, got `"5s"` (string)'],
    [{ linger: -1 }, 'share.linger', 'a number of milliseconds ≥ 0, got `-1` (number)'],
    [{ linger: Infinity }, 'share.linger', 'a number of milliseconds ≥ 0, got `Infinity` (number)'],
  ] as const)
    it(`may not be ${inspect(bad)}`, () => {
      expect(call(bad))
        .to.throw(ConfigurationError)
        .that.includes({ option, message: `expected \`${option}\` to be ${expectation}` });
    });

  it('has no other fields', () => {
    expect(call({ replays: 1 }))
      .to.throw(ConfigurationError)
      .that.includes({
        option: 'share.replays',
        message: 'unknown option `share.replays`: the nearest known one is `share.replay`',
      });
  });
});
