import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  ConfigurationError,
  ConnectionClosedError,
  ConnectionError,
  HandshakeError,
  SilentDisconnectError,
} from 'rx-graphql-ws';
import { isMarked, isMisconfiguration, marked } from '../lib/error-marks.js';

describe('marked', () => {
  it('marks the error itself, and the last mark counts', () => {
    const error = new ConnectionClosedError(4400, '', true);
    expect(marked(error, 'strike')).to.equal(error);
    expect(isMarked(error, 'strike')).to.equal(true);
    marked(error, 'culprit');
    expect(isMarked(error, 'strike')).to.equal(false);
    expect(isMarked(error, 'culprit')).to.equal(true);
  });
});

describe('isMisconfiguration', () => {
  it('is true of what was marked, of bad options and of a subprotocol', () => {
    const error = new ConnectionError('could not');
    expect(isMisconfiguration(marked(error, 'misconfiguration'))).to.equal(true);
    expect(marked(error, 'misconfiguration')).to.equal(error);
    expect(isMisconfiguration(new ConfigurationError('url', 'bad'))).to.equal(true);
    expect(isMisconfiguration(new HandshakeError('subprotocol', 'none'))).to.equal(true);
  });

  it('is true of nothing else', () => {
    for (const error of [
      new ConnectionError('could not'),
      new HandshakeError('rejected', 'no'),
      new HandshakeError('timeout', 'late'),
      new ConnectionClosedError(1006, '', false),
      new SilentDisconnectError('silence', 1),
      'thrown by somebody else' as never,
    ])
      expect(isMisconfiguration(error)).to.equal(false);
  });

  it('does not show in a log', () => {
    const error = marked(new ConnectionError('could not'), 'misconfiguration');
    expect(JSON.stringify(error)).to.equal('{"name":"ConnectionError"}');
  });
});
