import { expect } from 'chai';
import { describe, it } from 'mocha';
import { fakeSocket } from 'rx-graphql-ws/testing';
import { ConfigurationError } from '../../lib/errors.js';
import { createRawSocket } from '../../lib/transport/raw-socket.js';
import type { WebSocketConstructor } from '../../lib/transport/web-socket-like.js';
import { held } from '../helpers/held.js';

const url = 'ws://example.org/?token=secret';
const offered = Object.freeze(['graphql-ws', 'header-secret']);

describe('createRawSocket', () => {
  it('hands url, subprotocols and options to the constructor', () => {
    const fake = fakeSocket();
    const options = { headers: { authorization: 'secret' } };
    const { webSocketImpl, sockets } = held(fake);
    expect(createRawSocket(url, offered, webSocketImpl, options, 200)).to.equal(sockets[0]);
    expect(fake.peer).to.deep.include({
      url,
      offered: ['graphql-ws', 'header-secret'],
      options: { perMessageDeflate: false, maxPayload: 33_554_432, closeTimeout: 200, ...options },
    });
  });

  it('hands over a list of its own', () => {
    const fake = fakeSocket();
    createRawSocket(url, offered, fake);
    expect(fake.peer.offered).not.to.equal(offered);
  });

  it('constructs the socket of ws by default', async () => {
    const socket = createRawSocket('ws://127.0.0.1:1/', []);
    const closed = new Promise((resolve) => {
      socket.onclose = resolve;
    });
    socket.onerror = () => {};
    expect(socket.terminate).to.be.a('function');
    await closed;
  });

  for (const [options, kind] of [
    ['secret', 'string'],
    [['secret'], 'array'],
    [Promise.resolve({}), 'promise'],
  ] as const)
    it(`refuses options that are a ${kind}`, () => {
      const fake = fakeSocket();
      expect(() => createRawSocket(url, offered, fake, options as never))
        .to.throw(ConfigurationError)
        .that.includes({
          option: 'webSocketOptions',
          message: `expected \`webSocketOptions\` to be an object, got ${kind}`,
        });
      expect(fake.peers).to.have.length(0);
    });

  const cause = new SyntaxError('no');
  const refusing = function () {
    throw cause;
  } as unknown as WebSocketConstructor;

  for (const [options, option] of [
    [undefined, 'webSocketImpl'],
    [{ headers: {} }, 'webSocketOptions'],
  ] as const)
    it(`blames ${option} when the constructor refuses its arguments`, () => {
      expect(() => createRawSocket(url, offered, refusing, options))
        .to.throw(ConfigurationError)
        .that.includes({
          option,
          message: `\`${option}\`: the WebSocket constructor refused its arguments`,
          cause,
        });
    });

  it('blames webSocketImpl when it is no constructor', () => {
    const implementation = (() => undefined) as unknown as WebSocketConstructor;
    expect(() => createRawSocket(url, offered, implementation))
      .to.throw(ConfigurationError)
      .with.property('option', 'webSocketImpl');
  });

  it('blames webSocketOptions for a header that ws cannot send', () => {
    const options = { headers: { authorization: 'secret\r\nx: y' } };
    expect(() => createRawSocket(url, [], undefined, options))
      .to.throw(ConfigurationError)
      .with.property('option', 'webSocketOptions');
  });
});
