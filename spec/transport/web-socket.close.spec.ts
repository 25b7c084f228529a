import { expect } from 'chai';
import { describe } from 'mocha';
import { ProtocolError, SilentDisconnectError } from '../../lib/errors.js';
import { fails, scripted, scriptedWs, opens } from '../helpers/scripted.js';
import { advance, cold, test, timers } from '../helpers/test.js';
import { dialling, framesOf, ignoresClose, opened, where } from './dialling.js';

const fault = new ProtocolError('malformed handshake', '');
const silence = new SilentDisconnectError('pong', 7);

describe('openWebSocket', () => {
  describe('close', () => {
    test('counts as closed at once, and sends the close frame behind that', () => {
      const { peer, dialled } = opened();
      const frames = framesOf(dialled.socket);
      dialled.socket.close(fault, 4400, 'Malformed handshake');
      peer.send('late');
      dialled.socket.close(silence);
      dialled.unsubscribe();
      advance(10);
      expect(peer.closes).to.deep.equal([{ at: 5, code: 4400, reason: 'Malformed handshake' }]);
      expect(dialled.told.slice(1)).to.deep.equal([
        [5, 'failed', fault],
        [5, 'closed', 4400, 'Malformed handshake'],
        [5, 'failed', silence],
        [6, 'closed', 4400, 'Malformed handshake'],
        [6, 'released'],
      ]);
      expect(frames).to.deep.equal(['|']);
    });

    test('without a code drops the socket, and does not wait for it', () => {
      const { peer, dialled } = opened({ make: scriptedWs, move: ignoresClose });
      dialled.socket.close(silence);
      expect(peer.closes.at(-1)).to.deep.equal({ at: 5, code: 'terminated', reason: '' });
      expect(dialled.told.at(-1)).to.deep.equal([5, 'released']);
      dialled.unsubscribe();
      advance(10_000);
      expect(dialled.told.filter(([, event]) => event === 'released')).to.have.length(1);
      expect(timers()).to.equal(0);
    });
  });

  describe('connectTimeout', () => {
    for (const [connectTimeout, at] of [
      [undefined, 10_000],
      [300, 300],
      [0, 0],
    ] as const)
      test(`gives up after ${at} ms with ${String(connectTimeout)}`, () => {
        const peer = scriptedWs();
        const dialled = dialling(peer, { connectTimeout });
        advance(20_000);
        expect(dialled.log).to.deep.equal([[at, 'error', 'ConnectionError']]);
        expect(dialled.error.message).to.equal(`could not connect to ${where} within ${at} ms`);
        expect(dialled.told).to.deep.equal([
          [at, 'closed', 1006, ''],
          [at, 'released'],
        ]);
        expect(peer.live()).to.have.length(0);
        expect(timers()).to.equal(0);
      });

    test('never gives up with false', () => {
      const dialled = dialling(scripted(), { connectTimeout: false });
      expect(timers()).to.equal(0);
      advance(3_600_000);
      expect(dialled.log).to.deep.equal([]);
    });

    for (const [what, move, entries] of [
      ['opens', opens(), 1],
      ['fails', fails(), 1],
    ] as const)
      test(`is over when the socket ${what}`, () => {
        const peer = scripted(cold('9999ms m', { m: move }));
        const dialled = dialling(peer);
        advance(60_000);
        expect(dialled.log).to.have.length(entries);
        expect(dialled.log[0]![0]).to.equal(9_999);
        expect(timers()).to.equal(0);
      });
  });
});
