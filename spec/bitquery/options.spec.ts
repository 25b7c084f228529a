import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom, from, of, throwError, type ObservableInput } from 'rxjs';
import { bitquery, type BitqueryOptions } from 'rx-graphql-ws/bitquery';
import { ConfigurationError, type AttemptContext, graphqlSocket } from 'rx-graphql-ws';
import { failureOf } from '../helpers/failure-of.js';

const token = 'ory_at_abc-_.123';
const context: AttemptContext = { attempt: 0, error: undefined };

const create = (options: object) => () => bitquery(options as BitqueryOptions);

/** The address that a dial gets. */
const urlOf = (options: BitqueryOptions, given = context) => {
  const url = bitquery(options).url as (context: AttemptContext) => ObservableInput<string>;
  return from(url(given));
};

describe('the config of bitquery()', () => {
  it('has the token in the URL, offers the legacy protocol first, and allows a silence of 10 s', () => {
    const { retry, ...config } = bitquery({ token });
    expect(config).to.deep.equal({
      url: `wss://streaming.bitquery.io/graphql?token=${token}`,
      subprotocols: ['graphql-ws', 'graphql-transport-ws'],
      keepAliveTimeout: 10_000,
    });
    expect(retry).to.have.all.keys('delay', 'shouldRetry');
  });

  it('is accepted by graphqlSocket', () => {
    graphqlSocket(bitquery({ token })).close();
    graphqlSocket(bitquery({ token, retry: { count: 3 } })).close();
  });

  for (const region of ['us', 'asia'] as const)
    it(`dials ${region}`, () => {
      const { url } = bitquery({ token, region });
      expect(url).to.equal(`wss://${region}.streaming.bitquery.io/graphql?token=${token}`);
    });

  for (const [url, dialled] of [
    ['wss://streaming.bitquery.io/eap', 'wss://streaming.bitquery.io/eap'],
    ['https://proxy.example.org/bitquery#top', 'wss://proxy.example.org/bitquery'],
    [new URL('ws://127.0.0.1:4000/graphql?token=old'), 'ws://127.0.0.1:4000/graphql'],
  ] as const)
    it(`puts the token into ${String(url)}, whatever the region`, () => {
      const config = bitquery({ token, url, region: 'us' });
      expect(config.url).to.equal(`${dialled}?token=${token}`);
    });

  it('percent-encodes the token', () => {
    expect(bitquery({ token: 'a+b/c&d=~' }).url).to.match(/\?token=a%2Bb%2Fc%26d%3D(~|%7E)$/);
  });

  it('takes every other option as it is given, in place of its own', () => {
    const given = {
      subprotocols: ['graphql-transport-ws'],
      keepAliveTimeout: 30_000,
      linger: 5,
      webSocketOptions: { maxPayload: 7 },
    };
    expect(bitquery({ token, ...given })).to.include(given);
    expect(bitquery({ token, retry: false }).retry).to.equal(false);
  });

  it('keeps its own option in place of undefined', () => {
    const given = { subprotocols: undefined, keepAliveTimeout: undefined, retry: undefined };
    const { subprotocols, keepAliveTimeout, retry } = bitquery({ token, ...given });
    expect([subprotocols, keepAliveTimeout]).to.deep.equal([
      ['graphql-ws', 'graphql-transport-ws'],
      10_000,
    ]);
    expect(retry).to.have.property('delay');
  });
});

describe('a token', () => {
  for (const [how, token] of [
    ['a function', () => 'abc'],
    ['a function of a promise', () => Promise.resolve('abc')],
    ['a function of an Observable', () => of('abc', 'later')],
    ['an Observable', of('abc', 'later')],
  ] as const)
    it(`comes from ${how}`, async () => {
      expect(await firstValueFrom(urlOf({ token }))).to.equal(
        'wss://streaming.bitquery.io/graphql?token=abc',
      );
    });

  it('is asked for with each dial, which tells what ended the one before', async () => {
    const asked: AttemptContext[] = [];
    const options = {
      token: (given: AttemptContext) => {
        asked.push(given);
        return `t${given.attempt}`;
      },
    };
    const again = { attempt: 1, error: new ConfigurationError('a', 'b') };
    expect(await firstValueFrom(urlOf(options))).to.match(/=t0$/);
    expect(await firstValueFrom(urlOf(options, again))).to.match(/=t1$/);
    expect(asked).to.deep.equal([context, again]);
  });

  const mine = new Error('mine');
  for (const [what, token] of [
    [
      'throws',
      () => {
        throw mine;
      },
    ],
    ['rejects', () => Promise.reject(mine)],
    ['errors', throwError(() => mine)],
  ] as const)
    it(`that ${what} is a ConfigurationError with what was thrown for its cause`, async () => {
      const error = await failureOf(urlOf({ token }), 'ConfigurationError');
      expect(error).to.include({
        option: 'token',
        message: '`token` gave no token',
        cause: mine,
      });
    });

  for (const [what, given] of [
    ['nothing', undefined],
    ['an empty text', ''],
    ['a text with a line break', Promise.resolve('secret\n')],
    ['a number', Promise.resolve(5)],
    ['no value', []],
  ] as const)
    it(`that gives ${what} is refused without being shown`, async () => {
      const error = await failureOf(urlOf({ token: () => given as never }), 'ConfigurationError');
      expect(error.option).to.equal('token');
      expect(error.message)
        .to.match(/`token`/)
        .and.to.not.match(/secret/);
    });
});

describe('bitquery() refuses', () => {
  const expected =
    'a token (printable, without spaces, without `Bearer`), or a function or an Observable that gives one';
  for (const [what, options, option, message] of [
    ['no options', undefined, 'token', `expected \`token\` to be ${expected}, got undefined`],
    [
      'a token in place of options',
      'ory_at_secret',
      'token',
      `expected \`token\` to be ${expected}, got undefined`,
    ],
    ['no token', {}, 'token', `expected \`token\` to be ${expected}, got undefined`],
    ['an empty token', { token: '' }, 'token', `expected \`token\` to be ${expected}, got string`],
    [
      'a header as a token',
      { token: 'Bearer ory_at_secret' },
      'token',
      `expected \`token\` to be ${expected}, got string`,
    ],
    ['null', { token: null }, 'token', `expected \`token\` to be ${expected}, got null`],
    ['a promise', { token: Promise.resolve('a') }, 'token', undefined],
    [
      'an unknown region',
      { token, region: 'mars' },
      'region',
      "expected `region` to be 'us' or 'asia', got `mars` (string)",
    ],
    [
      'a region of the prototype',
      { token, region: 'constructor' },
      'region',
      "expected `region` to be 'us' or 'asia', got `constructor` (string)",
    ],
    [
      'a function as url',
      { token, url: () => 'wss://secret' },
      'url',
      'expected `url` to be an absolute URL with one of the schemes ws, wss, http, https, and without a user (if it changes, give `token` as a function), got function',
    ],
    ['no URL', { token, url: 'secret' }, 'url', undefined],
    ['null as url', { token, url: null }, 'url', undefined],
    ['null as region', { token, region: null }, 'region', undefined],
    ['another scheme', { token, url: 'ftp://secret/' }, 'url', undefined],
    ['a user', { token, url: 'wss://secret@example.org/' }, 'url', undefined],
    ['a password', { token, url: 'wss://:secret@example.org/' }, 'url', undefined],
  ] as const)
    it(what, () => {
      const error = expect(create(options as unknown as object)).to.throw(ConfigurationError);
      error.with.property('option', option);
      error.with.property('message').that.does.not.match(/secret/);
      if (message) error.with.property('message', message);
    });

  it('nothing that graphqlSocket refuses, which names it', () => {
    for (const [options, option] of [
      [{ token, regin: 'us' }, 'regin'],
      [{ token, retry: null }, 'retry'],
      [{ token, retry: 5 }, 'retry'],
      [{ token, retry: { shouldRetry: 5 } }, 'retry.shouldRetry'],
      [{ token, retry: { delay: 'x' } }, 'retry.delay'],
      [{ token, keepAliveTimeout: -1 }, 'keepAliveTimeout'],
    ] as const)
      expect(() => graphqlSocket(create(options)()), option)
        .to.throw(ConfigurationError)
        .with.property('option', option);
  });
});
