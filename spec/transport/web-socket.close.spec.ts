import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ProtocolError, SilentDisconnectError } from '../../lib/errors.js';
import { fails, scripted, scriptedWs, opens } from '../helpers/scripted.js';
import { virtually } from '../helpers/virtually.js';
import { dialling, framesOf, ignoresClose, opened, where } from './dialling.js';

const fault = new ProtocolError('malformed handshake', '');
const silence = new SilentDisconnectError('pong', 7);

describe('openWebSocket', () => {
  describe('close', () => {
    it(
      'counts as closed at once, and sends the close frame behind that',
      virtually((time) => {
        const { peer, dialled } = opened(time);
        const frames = framesOf(dialled.socket);
        dialled.socket.close(fault, 4400, 'Malformed handshake');
        peer.send('late');
        dialled.socket.close(silence);
        dialled.unsubscribe();
        time.advance(10);
        expect(peer.closes).to.deep.equal([{ at: 5, code: 4400, reason: 'Malformed handshake' }]);
        expect(dialled.told.slice(1)).to.deep.equal([
          [5, 'failed', fault],
          [5, 'closed', 4400, 'Malformed handshake'],
          [5, 'failed', silence],
          [6, 'closed', 4400, 'Malformed handshake'],
          [6, 'released'],
        ]);
        expect(frames).to.deep.equal(['|']);
      }),
    );

    it(
      'without a code drops the socket, and does not wait for it',
      virtually((time) => {
        const { peer, dialled } = opened(time, { make: scriptedWs, move: ignoresClose });
        dialled.socket.close(silence);
        expect(peer.closes.at(-1)).to.deep.equal({
          at: 5,
          code: 'terminated',
          reason: '',
        });
        expect(dialled.told.at(-1)).to.deep.equal([5, 'released']);
        dialled.unsubscribe();
        time.advance(10_000);
        expect(dialled.told.filter(([, event]) => event === 'released')).to.have.length(1);
        expect(time.timers()).to.equal(0);
      }),
    );
  });

  describe('connectTimeout', () => {
    for (const [connectTimeout, at] of [
      [undefined, 10_000],
      [300, 300],
      [0, 0],
    ] as const)
      it(
        `gives up after ${at} ms with ${String(connectTimeout)}`,
        virtually((time) => {
          const peer = scriptedWs();
          const dialled = dialling(time, peer, { connectTimeout });
          time.advance(20_000);
          expect(dialled.log).to.deep.equal([[at, 'error', 'ConnectionError']]);
          expect(dialled.error.message).to.equal(`could not connect to ${where} within ${at} ms`);
          expect(dialled.told).to.deep.equal([
            [at, 'closed', 1006, ''],
            [at, 'released'],
          ]);
          expect(peer.live()).to.have.length(0);
          expect(time.timers()).to.equal(0);
        }),
      );

    it(
      'never gives up with false',
      virtually((time) => {
        const dialled = dialling(time, scripted(), { connectTimeout: false });
        expect(time.timers()).to.equal(0);
        time.advance(3_600_000);
        expect(dialled.log).to.deep.equal([]);
      }),
    );

    for (const [what, move, entries] of [
      ['opens', opens(), 1],
      ['fails', fails(), 1],
    ] as const)
      it(
        `is over when the socket ${what}`,
        virtually((time) => {
          const peer = scripted(time.cold('9999ms m', { m: move }));
          const dialled = dialling(time, peer);
          time.advance(60_000);
          expect(dialled.log).to.have.length(entries);
          expect(dialled.log[0]![0]).to.equal(9_999);
          expect(time.timers()).to.equal(0);
        }),
      );
  });
});
