import { expect } from 'chai';
import { describe, it } from 'mocha';
import { NEVER } from 'rxjs';
import { ConfigurationError } from 'rx-graphql-ws';
import { create, refuses } from './helpers/refuses.js';

const milliseconds = 'a number of milliseconds ≥ 0';

describe('graphqlSocket', () => {
  describe('for an option of another library', () => {
    for (const [name, meant] of [
      ['keepAlive', '`pingInterval`'],
      ['reconnect', '`retry`'],
      ['timeout', '`connectTimeout`, `ackTimeout` or `keepAliveTimeout`'],
      ['headers', '`webSocketOptions.headers`'],
      ['on', '`events$` and `status$`'],
      ['lazy', '`connection$`'],
    ] as const)
      refuses({ [name]: {} }, name, `unknown option \`${name}\`: see ${meant}`);
    for (const name of ['constructor', 'toString'])
      it(`refuses ${name}, which is no option of any library`, () => {
        expect(create({ [name]: 1 })).to.throw(/: (known are url|did you mean)/);
      });
    refuses(
      { retry: { reconnect: 3 } },
      'retry.reconnect',
      'unknown option `retry.reconnect`: known are retry.count, retry.delay, retry.resetAfter, retry.shouldRetry, retry.wake',
    );
  });

  describe('for retry', () => {
    refuses(
      { retry: 3 },
      'retry',
      'expected `retry` to be false or an object (`{ count: 3 }` or `{ delay: 3 }`?), got `3` (number)',
    );
    for (const [value, got] of [
      [true, '`true` (boolean)'],
      ['3', '`"3"` (string)'],
      [null, 'null'],
      [[], 'array'],
      [() => 1, 'function'],
    ] as const)
      refuses({ retry: value }, 'retry', `expected \`retry\` to be false or an object, got ${got}`);
    refuses(
      { retry: { count: -1 } },
      'retry.count',
      'expected `retry.count` to be a number ≥ 0, got `-1` (number)',
    );
    refuses(
      { retry: { count: NaN } },
      'retry.count',
      'expected `retry.count` to be a number ≥ 0, got `NaN` (number)',
    );
    refuses(
      { retry: { count: '3' } },
      'retry.count',
      'expected `retry.count` to be a number ≥ 0, got `"3"` (string)',
    );
    refuses(
      { retry: { delay: '5s' } },
      'retry.delay',
      `expected \`retry.delay\` to be ${milliseconds} or a function, got \`"5s"\` (string)`,
    );
    refuses(
      { retry: { resetAfter: false } },
      'retry.resetAfter',
      `expected \`retry.resetAfter\` to be ${milliseconds}, got \`false\` (boolean)`,
    );
    refuses(
      { retry: { shouldRetry: true } },
      'retry.shouldRetry',
      'expected `retry.shouldRetry` to be a function, got `true` (boolean)',
    );
    refuses(
      { retry: { wake: true } },
      'retry.wake',
      'expected `retry.wake` to be an Observable, got `true` (boolean)',
    );
    for (const name of ['attempts', 'backoff', 'enabled'])
      refuses(
        { retry: { [name]: undefined } },
        `retry.${name}`,
        `unknown option \`retry.${name}\`: known are retry.count, retry.delay, retry.resetAfter, retry.shouldRetry, retry.wake`,
      );
    for (const [name, nearest] of [
      ['awake', 'wake'],
      ['shouldretry', 'shouldRetry'],
      ['delays', 'delay'],
    ] as const)
      refuses(
        { retry: { [name]: undefined } },
        `retry.${name}`,
        `unknown option \`retry.${name}\`: did you mean \`retry.${nearest}\`?`,
      );
  });

  describe('for an unknown name', () => {
    for (const [name, nearest] of [
      ['uri', 'url'],
      ['ackTimout', 'ackTimeout'],
      ['keepAliveTime', 'keepAliveTimeout'],
      ['subProtocols', 'subprotocols'],
      ['protocols', 'subprotocols'],
      ['params', 'connectionParams'],
      ['webSocketImplementation', 'webSocketImpl'],
      ['retries', 'retry'],
    ] as const)
      refuses(
        { [name]: undefined },
        name,
        `unknown option \`${name}\`: did you mean \`${nearest}\`?`,
      );
    for (const name of ['wake', 'header', 'token'])
      it(`refuses ${name}, which is like none, and names all`, () => {
        expect(create({ [name]: undefined }))
          .to.throw(ConfigurationError)
          .with.property('message')
          .that.matches(
            /^unknown option `\w+`: known are url, subprotocols, .*, retry, .*, print$/,
          );
      });
  });

  describe('for an option that is not built yet', () => {
    for (const [config, option] of [
      [{ renewWhen: NEVER }, 'renewWhen'],
      [{ dedicated: true }, 'dedicated'],
    ] as const)
      it(`refuses ${option}`, () => {
        expect(create(config))
          .to.throw(ConfigurationError, `unknown option \`${option}\``)
          .with.property('option', option);
      });
  });
});
