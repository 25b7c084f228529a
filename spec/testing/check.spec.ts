import { expect } from 'chai';
import { describe, it } from 'mocha';
import { fakeSocket, record, replay } from 'rx-graphql-ws/testing';
import { NEVER } from 'rxjs';
import { nearestName } from '../../lib/testing/check.js';

describe('the options of the test kit', () => {
  const fake = (options: unknown) => () => fakeSocket(options as object);

  it('may be undefined', () => {
    expect(fake({ ws: true, dialled: undefined })).not.to.throw();
  });

  for (const [what, make, message] of [
    ['an unknown name', fake({ ws: true, dialed: 1 }), 'fakeSocket: unknown option `dialed`: did'],
    [
      'a name that is near none',
      fake({ toString: 1 }),
      'fakeSocket: unknown option `toString`: there are dialled, received, ws',
    ],
    ['no object', fake(null), 'expected `options of fakeSocket` to be an object, got null'],
    ['no boolean', fake({ ws: 1 }), 'expected `ws` to be a boolean, got 1'],
    ['no function', fake({ received: 'x' }), 'expected `received` to be a function, got "x"'],
    [
      'an unknown name before the recording is read',
      () => replay('', { sped: 1 } as object),
      'replay: unknown option `sped`: did you mean `speed`?',
    ],
    [
      'no function to redact',
      () => record(NEVER, { redact: 1 } as never),
      'expected `redact` to be a function, got 1',
    ],
  ] as const)
    it(`are refused with ${what}`, () => {
      expect(make).to.throw(TypeError, message);
    });
});

describe('nearestName', () => {
  const known = ['handle', 'host', 'port', 'tls', 'keepAlive', 'keepAliveMessage', 'initTimeout'];
  const near = {
    ...{ handler: 'handle', Handle: 'handle', hanlde: 'handle', handel: 'handle', hst: 'host' },
    ...{ hoost: 'host', hostname: 'host', init: 'initTimeout', keepalive: 'keepAlive' },
    ...{ keepAliveMesage: 'keepAliveMessage', innitTimout: 'initTimeout', tl: 'tls' },
  };
  for (const [name, nearest] of Object.entries(near))
    it(`takes ${name} for ${nearest}`, () => {
      expect(nearestName(name, known)).to.equal(nearest);
    });

  it('finds a short beginning of a long name', () => {
    expect(nearestName('acknowledge', ['reject', 'ack'])).to.equal('ack');
  });

  for (const name of ['schema', 'onSubscribe', 'path', 'ws', 'h', '', '__proto__'])
    it(`finds nothing near "${name}"`, () => {
      expect(nearestName(name, known)).to.equal(undefined);
    });
});
