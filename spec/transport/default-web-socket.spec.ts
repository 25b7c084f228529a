import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { WebSocket } from 'ws';
import { ConfigurationError } from '../../lib/errors.js';
import * as browser from '../../lib/transport/default-web-socket.browser.js';
import * as node from '../../lib/transport/default-web-socket.js';

describe('defaultWebSocket', () => {
  const scope = globalThis as { WebSocket?: unknown };
  const own = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');

  it('is that of ws in Node', () => {
    expect(node.defaultWebSocket()).to.equal(WebSocket);
  });

  it('is the global one in a browser, as it is when it is asked for', () => {
    delete scope.WebSocket;
    try {
      expect(browser.defaultWebSocket).to.throw(ConfigurationError).that.includes({
        option: 'webSocketImpl',
        message: 'no WebSocket here: give one as `webSocketImpl`',
      });
      scope.WebSocket = WebSocket;
      expect(browser.defaultWebSocket()).to.equal(WebSocket);
    } finally {
      delete scope.WebSocket;
      if (own) Object.defineProperty(globalThis, 'WebSocket', own);
    }
  });
});

describe('constructorOptions', () => {
  it('is what suits us, in Node', () => {
    expect(node.constructorOptions(undefined, 200)).to.deep.equal([
      { perMessageDeflate: false, maxPayload: 33_554_432, closeTimeout: 200 },
    ]);
  });

  it('has the user’s options above, in Node', () => {
    const given = { headers: { authorization: 't' }, perMessageDeflate: true };
    expect(node.constructorOptions(given, 200)).to.deep.equal([
      { ...given, maxPayload: 33_554_432, closeTimeout: 200 },
    ]);
    const own = { closeTimeout: 1, maxPayload: 2, perMessageDeflate: true };
    expect(node.constructorOptions(own, 200)).to.deep.equal([own]);
    expect(given).to.have.all.keys('headers', 'perMessageDeflate');
  });

  it('refuses to follow redirects in Node, and says what to do', () => {
    const message =
      '`webSocketOptions.followRedirects` is refused: a redirect would take credentials elsewhere; give the final URL as `url`';
    expect(() => node.constructorOptions({ followRedirects: true }))
      .to.throw(ConfigurationError)
      .that.includes({ option: 'webSocketOptions', message });
    expect(() => node.constructorOptions({ followRedirects: false })).not.to.throw();
  });

  it('is nothing in a browser', () => {
    expect(browser.constructorOptions(undefined)).to.deep.equal([]);
  });

  it('refuses options in a browser, and shows none of them', () => {
    for (const options of [{ headers: { authorization: 'secret' } }, {}, () => ({}), 'secret'])
      expect(() => browser.constructorOptions(options))
        .to.throw(ConfigurationError)
        .that.includes({
          option: 'webSocketOptions',
          message: `expected \`webSocketOptions\` to be absent: a browser takes no options, got ${typeof options}`,
        });
  });
});

describe('in React Native', () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  before(() => {
    Object.defineProperty(globalThis, 'navigator', {
      value: { product: 'ReactNative' },
      configurable: true,
    });
  });
  after(() => {
    delete (globalThis as { navigator?: unknown }).navigator;
    if (own) Object.defineProperty(globalThis, 'navigator', own);
  });

  for (const [build, { constructorOptions, checkConstructorOptions }] of Object.entries({
    'for browsers': browser,
    'for Node': {
      ...node,
      constructorOptions: (options: unknown) => node.constructorOptions(options, 200),
    },
  })) {
    const headers = { authorization: 'secret' };
    it(`headers are passed on, and nothing of ours, in the build ${build}`, () => {
      expect(constructorOptions({ headers })).to.deep.equal([{ headers }]);
      expect(constructorOptions({})).to.deep.equal([{}]);
      expect(constructorOptions(undefined)).to.deep.equal([{}]);
    });

    it(`all else is refused, and not shown, in the build ${build}`, () => {
      for (const options of [{ headers, agent: {} }, { ca: 'secret' }, 'secret', [headers]])
        for (const check of [constructorOptions, checkConstructorOptions])
          expect(() => check(options))
            .to.throw(ConfigurationError)
            .that.includes({
              option: 'webSocketOptions',
              message: `expected \`webSocketOptions\` to be an object of \`headers\` alone, got ${Array.isArray(options) ? 'array' : typeof options}`,
            });
    });

    it(`a function is left to the dial, in the build ${build}`, () => {
      expect(() => checkConstructorOptions(() => ({}))).not.to.throw();
    });
  }
});

describe('checkConstructorOptions', () => {
  it('leaves a function to the dial in Node, and refuses it at once in a browser', () => {
    const options = () => ({});
    expect(() => node.checkConstructorOptions(options)).not.to.throw();
    expect(() => node.checkConstructorOptions(null)).to.throw(ConfigurationError);
    expect(() => browser.checkConstructorOptions(options)).to.throw(ConfigurationError);
  });
});
