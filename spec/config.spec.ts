import { expect } from 'chai';
import { describe, it } from 'mocha';
import { EMPTY, NEVER } from 'rxjs';
import { inspect } from 'node:util';
import { ConfigurationError, graphqlSocket } from 'rx-graphql-ws';
import { fakeSocket } from 'rx-graphql-ws/testing';
import { graphqlTransportWs } from '../lib/protocol/graphql-transport-ws.js';
import { create, refuses, url } from './helpers/refuses.js';
import { accepts, scripted } from './helpers/scripted.js';
import { eventually } from './helpers/eventually.js';
import { advance, record, test } from './helpers/test.js';

/** An object without a prototype. */
const bare = <T extends object>(fields: T) =>
  Object.assign<object, T>(Object.create(null) as object, fields);

const milliseconds = 'a number of milliseconds ≥ 0';
const deadlines = ['connectTimeout', 'ackTimeout', 'keepAliveTimeout', 'pongTimeout'] as const;
const auto = (name: string) => (name === 'keepAliveTimeout' ? "'auto' or " : '');
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
          .map(([name, value]) => `${name}: ${inspect(value, { depth: -1 })}`)
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

  describe('for a number of milliseconds', () => {
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
        `expected \`ackTimeout\` to be false or ${milliseconds}, got ${got}`,
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
        `expected \`${name}\` to be ${auto(name)}false or ${milliseconds}, got \`"5s"\` (string)`,
      );
    for (const [value, got] of [
      [0, '`0` (number)'],
      ['5s', '`"5s"` (string)'],
    ] as const)
      refuses(
        { pingInterval: value },
        'pingInterval',
        `expected \`pingInterval\` to be false or a number of milliseconds > 0, got ${got}`,
      );
    for (const name of durations)
      refuses(
        { [name]: false },
        name,
        `expected \`${name}\` to be ${milliseconds}, got \`false\` (boolean)`,
      );
  });

  describe('for an option of another kind', () => {
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

  describe('for the url', () => {
    refuses({ url: undefined }, 'url', 'expected `url` to be a ws: or wss: URL, got undefined');
    refuses({ url: null }, 'url', 'expected `url` to be a ws: or wss: URL, got null');
    refuses(
      { url: '/graphql' },
      'url',
      'expected `url` to be a ws: or wss: URL, got string that is relative to a page, and there is no page: give the whole URL',
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

  describe('with objects that have no prototype', () => {
    test('takes them for a config, options, requests and variables', () => {
      const fake = scripted(accepts());
      const config = bare({
        url,
        webSocketImpl: fake,
        connectionParams: bare({ token: 't' }),
        webSocketOptions: bare({ headers: bare({}) }),
        pingInterval: false as const,
        retry: bare({ delay: 10 }),
      });
      const socket = graphqlSocket(config);
      const query = 'query ($a: Int) { a }';
      const request = bare({ query, variables: bare({ a: 1 }), extensions: bare({ e: 1 }) });
      const share = bare({ replay: 1 });
      const streams = [
        socket.subscribe$(request, bare({ share })),
        socket.subscribe$(request, bare({ share, errorPolicy: 'ignore' as const })),
        socket.query$(request, bare({ sendWithin: 5 })),
        socket.mutate$(bare({ query }), bare({ resend: true })),
        socket.execute$(request, bare({ onServerComplete: 'restart' as const })),
        socket.payload$(request, bare({})),
      ].map((stream$) => record<unknown>(stream$));
      advance(2);
      const [init, ...sent] = fake.messages();
      expect(init).to.deep.include({ type: 'connection_init', payload: { token: 't' } });
      const payload = { query, variables: { a: 1 }, extensions: { e: 1 } };
      const expected = [payload, payload, payload, { query }, payload, payload];
      expect(sent.map((message) => message.payload)).to.deep.equal(expected);
      // a retry, too
      fake.peer.close(1006);
      advance(2_000);
      expect(fake.messages().slice(7)).to.have.length(7);
      for (const { log, unsubscribe } of streams) {
        expect(log).to.deep.equal([]);
        unsubscribe();
      }
    });

    it('refuses them for an option of another kind', () => {
      const configs = [
        ...deadlines,
        ...durations,
        ...callbacks,
        ...(['url', 'subprotocols', 'pingInterval', 'answerPings'] as const),
        ...(['onServerComplete', 'codecs'] as const),
      ];
      for (const option of configs)
        expect(create({ [option]: bare({}) }), option)
          .to.throw(ConfigurationError)
          .that.includes({ option });
      for (const name of ['count', 'resetAfter', 'delay', 'shouldRetry', 'wake'])
        expect(create({ retry: { [name]: bare({}) } }), name)
          .to.throw(ConfigurationError)
          .that.includes({ option: `retry.${name}` });
      const socket = graphqlSocket({ url });
      for (const [given, option] of [
        [{ resend: bare({}) }, 'resend'],
        [{ onServerComplete: bare({}) }, 'onServerComplete'],
        [{ errorPolicy: bare({}) }, 'errorPolicy'],
        [{ share: { replay: bare({}) } }, 'share.replay'],
        [{ share: { linger: bare({}) } }, 'share.linger'],
      ] as const)
        expect(() => socket.subscribe$('{ a }', given as never), option)
          .to.throw(ConfigurationError)
          .that.includes({ option });
    });

    it('refuses one for a name they cannot have', () => {
      expect(create(bare({ acktimeout: 5 })))
        .to.throw(ConfigurationError)
        .that.includes({ option: 'acktimeout' });
    });

    for (const [given, option] of [
      [{ query: bare({}) }, 'query'],
      [{ query: '{ a }', operationName: bare({}) }, 'operationName'],
      [bare({ kind: 'Document' }), 'query'],
    ] as const)
      test(`refuses a request that has one for ${option}: ${Object.keys(given).join()}`, () => {
        const failed = record(graphqlSocket({ url }).execute$(given as never));
        advance(0);
        expect(failed.error).to.include({ name: 'ConfigurationError', option });
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

    for (const field of ['variables', 'operationName', 'documentId', 'doc_id', 'extensions'])
      it(`refuses ${field}, and says that the request has it`, () => {
        for (const given of [{ [field]: {} }, { [field]: undefined, resent: true }])
          expect(call(given))
            .to.throw(ConfigurationError)
            .that.includes({
              option: field,
              message: `\`${field}\` is no option: give the request \`{ query, ${field} }\``,
            });
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
        message: 'unknown option `share.replays`: did you mean `share.replay`?',
      });
  });
});
