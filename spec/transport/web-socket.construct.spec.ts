import { expect } from 'chai';
import { describe, it } from 'mocha';
import { openSocket } from '../../lib/transport/open-socket.js';
import type { WebSocketConstructor } from '../../lib/transport/socket.js';
import { failureOf } from '../helpers/failure-of.js';
import { url } from './dialling.js';

const cause = new SyntaxError('no');
const refusing = function () {
  throw cause;
} as unknown as WebSocketConstructor;

describe('openWebSocket, when the constructor throws,', () => {
  for (const [webSocketOptions, option] of [
    [undefined, 'webSocketImpl'],
    [{ headers: {} }, 'webSocketOptions'],
  ] as const)
    it(`blames ${option} with ${JSON.stringify(webSocketOptions)} as its options`, async () => {
      const socket$ = openSocket({ url, webSocketImpl: refusing, webSocketOptions });
      const message = `\`${option}\`: the WebSocket constructor refused its arguments`;
      const error = await failureOf(socket$, 'ConfigurationError');
      expect(error).to.include({ option, message, cause });
    });

  it('blames webSocketImpl that is no constructor', async () => {
    const webSocketImpl = (() => undefined) as unknown as WebSocketConstructor;
    const error = await failureOf(openSocket({ url, webSocketImpl }), 'ConfigurationError');
    expect(error).to.include({ option: 'webSocketImpl' });
  });

  it('tells the code alone of an error that quotes a header', async () => {
    const webSocketOptions = { headers: { authorization: 'secret\r\nx: y' } };
    const error = await failureOf(openSocket({ url, webSocketOptions }), 'ConfigurationError');
    const message =
      '`webSocketOptions`: the WebSocket constructor refused its arguments (ERR_INVALID_CHAR)';
    expect(error).to.include({ option: 'webSocketOptions', message });
    expect(error).not.to.have.property('cause');
  });
});
