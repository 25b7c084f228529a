import { expect } from 'chai';
import { describe, it } from 'mocha';
import { nearestName } from '../../lib/testing/nearest-name.js';

const known = ['handle', 'host', 'port', 'tls', 'keepAlive', 'keepAliveMessage', 'initTimeout'];

describe('nearestName', () => {
  const near: Record<string, string> = {
    handler: 'handle',
    Handle: 'handle',
    hanlde: 'handle',
    handel: 'handle',
    hst: 'host',
    hoost: 'host',
    tsl: 'tls',
    hostname: 'host',
    init: 'initTimeout',
    keepalive: 'keepAlive',
    keepAliveMesage: 'keepAliveMessage',
    innitTimout: 'initTimeout',
  };
  for (const [name, nearest] of Object.entries(near))
    it(`takes ${name} for ${nearest}`, () => {
      expect(nearestName(name, known)).to.equal(nearest);
    });

  for (const name of ['schema', 'onSubscribe', 'timeout', 'path', 'ws', 'h', '', '__proto__'])
    it(`takes ${name || 'an empty name'} for nothing`, () => {
      expect(nearestName(name, known)).to.equal(undefined);
    });

  it('prefers the name with the fewest slips', () => {
    expect(nearestName('keepAlive', ['keepAliveMessage', 'keepAlives'])).to.equal('keepAlives');
  });
});
