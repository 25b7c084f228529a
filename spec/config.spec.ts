import { expect } from 'chai';
import { describe, it } from 'mocha';
import { EMPTY, NEVER } from 'rxjs';
import { ConfigurationError, graphqlSocket } from 'rx-graphql-ws';
import { fakeSocket } from 'rx-graphql-ws/testing';
import { graphqlTransportWs } from '../lib/protocol/graphql-transport-ws.js';
import { create, refuses, url } from './helpers/refuses.js';
import { eventually } from './helpers/eventually.js';

const milliseconds = 'a number of milliseconds ≥ 0';
const deadlines = ['connectTimeout', 'ackTimeout', 'keepAliveTimeout', 'pongTimeout'] as const;
const auto = (name: string) => (name === 'keepAliveTimeout' ? "'auto', " : '');
const durations = ['closeTimeout', 'linger'] as const;
const callbacks = ['jsonReviver', 'jsonReplacer', 'generateId', 'print', 'webSocketImpl'] as const;

describe('graphqlSocket', () => {
  describe('takes', () => {
    const taken: object[] = [
      {},
      { url: new URL(url) },
      { url: () => 'not asked yet' },
      { url: NEVER },
      { subprotocols: ['graphql-ws'] },
      { subprotocols: () => 'not asked yet' },
      { connectionParams: { token: 't' } },
      { connectionParams: EMPTY },
      { webSocketOptions: { headers: {} } },
      { webSocketOptions: () => 'not asked yet' },
      { webSocketImpl: fakeSocket() },
      { codecs: [] },
      { codecs: [graphqlTransportWs()] },
      { answerPings: false },
      { pingInterval: 1 },
      { pingInterval: false },
      { retry: false },
      { retry: {} },
      { retry: { count: 0, resetAfter: 0, delay: 0, shouldRetry: () => true } },
      { retry: { count: Infinity, delay: () => 5 } },
      { retry: { wake: NEVER } },
      { keepAliveTimeout: 'auto' },
      { onServerComplete: 'complete' },
      { onServerComplete: 'restart' },
      ...deadlines.flatMap((name) => [{ [name]: 0 }, { [name]: 1.5 }, { [name]: false }]),
      ...durations.flatMap((name) => [{ [name]: 0 }, { [name]: 2 ** 31 - 1 }]),
      ...callbacks.map((name) => ({ [name]: () => 'x' })),
    ];
    for (const config of taken)
      it(
        Object.entries(config)
          .map(([name, value]) => `${name}: ${String(value)}`)
          .join() || 'a url',
        () => {
          expect(create(config)).not.to.throw();
        },
      );

    it('undefined for every option but the url', () => {
      const names = [...deadlines, ...durations, ...callbacks, 'retry', 'codecs', 'answerPings'];
      const more = ['subprotocols', 'connectionParams', 'webSocketOptions', 'onServerComplete'];
      const config = [...names, ...more].map((name) => [name, undefined]);
      expect(create(Object.fromEntries(config) as object)).not.to.throw();
    });
  });

  describe('of a number of milliseconds', () => {
    for (const [value, got] of [
      ['5s', '`"5s"` (string)'],
      ['5', '`"5"` (string)'],
      [-1, '`-1` (number)'],
      [NaN, '`NaN` (number)'],
      [Infinity, '`Infinity` (number)'],
      [2 ** 31, '`2147483648` (number)'],
      [true, '`true` (boolean)'],
      [null, 'null'],
      [5n, '`5` (bigint)'],
    ] as const) {
      refuses(
        { ackTimeout: value },
        'ackTimeout',
        `expected \`ackTimeout\` to be ${milliseconds} or false, got ${got}`,
      );
      refuses(
        { closeTimeout: value },
        'closeTimeout',
        `expected \`closeTimeout\` to be ${milliseconds}, got ${got}`,
      );
    }

    for (const name of deadlines)
      refuses(
        { [name]: '5s' },
        name,
        `expected \`${name}\` to be ${auto(name)}${milliseconds} or false, got \`"5s"\` (string)`,
      );
    for (const [value, got] of [
      [0, '`0` (number)'],
      ['5s', '`"5s"` (string)'],
    ] as const)
      refuses(
        { pingInterval: value },
        'pingInterval',
        `expected \`pingInterval\` to be a number of milliseconds > 0 or false, got ${got}`,
      );
    for (const name of durations)
      refuses(
        { [name]: false },
        name,
        `expected \`${name}\` to be ${milliseconds}, got \`false\` (boolean)`,
      );
  });

  describe('of another kind', () => {
    for (const name of callbacks)
      refuses({ [name]: 'x' }, name, `expected \`${name}\` to be a function, got \`"x"\` (string)`);
    refuses(
      { answerPings: 1 },
      'answerPings',
      'expected `answerPings` to be a boolean, got `1` (number)',
    );
    refuses(
      { onServerComplete: true },
      'onServerComplete',
      "expected `onServerComplete` to be 'complete' or 'restart', got `true` (boolean)",
    );
    for (const codecs of [
      {},
      [{}],
      [null],
      [{ ...graphqlTransportWs(), encode: 1 }],
      [{ ...graphqlTransportWs(), decode: 1 }],
      [{ ...graphqlTransportWs(), subprotocol: 1 }],
    ])
      refuses(
        { codecs },
        'codecs',
        `expected \`codecs\` to be a list of codecs, got ${Array.isArray(codecs) ? 'array' : 'object'}`,
      );
    for (const [value, got] of [
      ['secret', 'string'],
      [['secret'], 'array'],
      [null, 'null'],
      [Promise.resolve({}), 'promise'],
    ] as const)
      for (const name of ['connectionParams', 'webSocketOptions'])
        refuses({ [name]: value }, name, `expected \`${name}\` to be an object, got ${got}`);
    refuses(
      { subprotocols: 'secret' },
      'subprotocols',
      'expected `subprotocols` to be a list of distinct subprotocol names, got string',
    );
  });

  describe('of the url', () => {
    refuses({ url: undefined }, 'url', 'expected `url` to be a ws: or wss: URL, got undefined');
    refuses({ url: null }, 'url', 'expected `url` to be a ws: or wss: URL, got null');
    refuses(
      { url: '/graphql' },
      'url',
      'expected `url` to be a ws: or wss: URL, got string that is no URL',
    );
    refuses(
      { url: 'ftp://u:p@example.org/?q' },
      'url',
      'expected `url` to be a ws: or wss: URL, got `ftp://example.org`',
    );

    it('refuses a config without it', () => {
      expect(() => graphqlSocket({} as never)).to.throw(ConfigurationError, 'expected `url` to be');
    });

    for (const [config, kind] of [
      [undefined, 'undefined'],
      [null, 'null'],
      ['ws://secret', 'string'],
      [[], 'array'],
    ] as const)
      it(`refuses ${kind} instead of a config`, () => {
        expect(() => graphqlSocket(config as never))
          .to.throw(ConfigurationError)
          .with.property('message', `expected \`options\` to be an object, got ${kind}`);
      });
  });

  it('keeps to the config that it was given, whatever becomes of that', async () => {
    const fake = fakeSocket();
    const config = { url, webSocketImpl: fake };
    const socket = graphqlSocket(config);
    config.url = 'ws://other.example.org';
    const connection = socket.connection$.subscribe();
    connection.unsubscribe();
    await eventually(() => expect(fake.peer.url).to.equal(url));
  });
});
