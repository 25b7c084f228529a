import { expect } from 'chai';
import { describe, it } from 'mocha';
import { graphqlSocket } from 'rx-graphql-ws';

/** Never dialled. */
const url = 'ws://127.0.0.1:1/graphql';
const ticks = 'subscription { tick }';

/** What only JavaScript, or a cast, can pass. */
const unchecked = (value: unknown) => value as never;

describe('bad options', () => {
  const configs: readonly (readonly [option: string, message: RegExp, config: object])[] = [
    ['ackTimeout', /expected `ackTimeout` to be .* got `"5s"` \(string\)/, { ackTimeout: '5s' }],
    ['ackTimout', /unknown option `ackTimout`.*`ackTimeout`/, { ackTimout: 5 }],
    ['retry', /`\{ count: 3 \}` or `\{ delay: 3 \}`/, { retry: 3 }],
    ['retry.cuont', /unknown option.*`retry\.cuont`.*`retry\.count`/, { retry: { cuont: 3 } }],
    ['connectionParams', /got string$/, { connectionParams: 'token abc' }],
    ['url', /expected `url` to be a ws: or wss: URL/, { url: 'ftp://u:secret@example.org/?a' }],
    ['url', /got .*number/, { url: 5 }],
    ['subprotocols', /`subprotocols`/, { subprotocols: 'graphql-ws' }],
    ['webSocketImpl', /`webSocketImpl`/, { webSocketImpl: {} }],
    ['linger', /`linger`/, { linger: Infinity }],
  ];
  for (const [option, message, config] of configs) {
    it(`a wrong ${option} throws from graphqlSocket: ${message.source}`, () => {
      const create = () => graphqlSocket({ url, ...config });
      expect(create).to.throw(message).that.includes({ name: 'ConfigurationError', option });
      expect(create)
        .to.throw()
        .with.property('message')
        .that.does.not.match(/secret|abc/);
    });
  }

  it('a wrong option throws from the method', () => {
    const socket = graphqlSocket({ url });
    const wrong: readonly (() => unknown)[] = [
      () => socket.subscribe$(ticks, unchecked({ errorPolicy: 'all' })),
      () => socket.query$('{ a }', unchecked({ sendWithin: '1s' })),
      () => socket.mutate$('mutation { a }', unchecked({ resend: 1 })),
      () => socket.execute$('{ a }', unchecked({ errorPolicy: 'none' })),
      () => socket.payload$('{ a }', unchecked(null)),
    ];
    for (const call of wrong) expect(call).to.throw().with.property('name', 'ConfigurationError');
  });
});
