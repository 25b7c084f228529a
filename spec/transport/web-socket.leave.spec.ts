import { expect } from 'chai';
import { describe } from 'mocha';
import { switchMap } from 'rxjs';
import { SilentDisconnectError } from '../../lib/errors.js';
import { openSocket } from '../../lib/transport/open-socket.js';
import type { ClientSocket } from '../helpers/held.js';
import { held } from '../helpers/held.js';
import type { Move } from '../helpers/scripted.js';
import { ends, scripted, scriptedWs, opens } from '../helpers/scripted.js';
import { advance, cold, record, test, timers } from '../helpers/test.js';
import { dialling, ignoresClose, opened, url } from './dialling.js';

const goodbye = { at: 5, code: 1000, reason: '' };
const silence = new SilentDisconnectError('pong', 7);

describe('openWebSocket', () => {
  describe('unsubscribed from', () => {
    test('closes with 1000, and waits for the peer', () => {
      const { peer, dialled } = opened();
      dialled.unsubscribe();
      expect(dialled.told.slice(1)).to.deep.equal([]);
      advance(10_000);
      expect(peer.closes).to.deep.equal([goodbye]);
      expect(dialled.told.slice(1)).to.deep.equal([
        [6, 'closed', 1000, ''],
        [6, 'released'],
      ]);
      expect(dialled.log).to.have.length(1);
      expect(timers()).to.equal(0);
    });

    test('reads on, if it was paused, so that the answer is heard', () => {
      const { peer, dialled } = opened({ make: scriptedWs });
      dialled.socket.pause?.();
      peer.send('unread');
      dialled.unsubscribe();
      expect(peer.paused).to.equal(false);
      advance(2);
      expect(dialled.told.slice(1)).to.deep.equal([
        [6, 'closed', 1000, ''],
        [6, 'released'],
      ]);
      expect(timers()).to.equal(0);
    });

    test('drops a paused socket at once when it is closed without a code', () => {
      const { peer, dialled } = opened({ make: scriptedWs });
      dialled.socket.pause?.();
      dialled.socket.close(silence);
      advance(1);
      expect(peer.readyState).to.equal(3);
      expect(dialled.told.slice(1)).to.deep.equal([
        [5, 'failed', silence],
        [5, 'closed', 1006, ''],
        [5, 'released'],
      ]);
      dialled.unsubscribe();
    });

    for (const [closeTimeout, at] of [
      [undefined, 3_005],
      [200, 205],
      [0, 5],
    ] as const)
      test(`drops a peer that has not answered after ${String(closeTimeout)} ms`, () => {
        const { fake, peer, dialled } = opened({
          make: scriptedWs,
          move: ignoresClose,
          closeTimeout,
        });
        dialled.unsubscribe();
        advance(10_000);
        const { closes } = peer;
        expect(closes[0]).to.deep.equal(goodbye);
        expect(closes.at(-1)).to.deep.equal({ at, code: 'terminated', reason: '' });
        expect(dialled.told.slice(1)).to.deep.equal([
          [at, 'closed', 1006, ''],
          [at, 'released'],
        ]);
        expect(fake.live()).to.have.length(0);
        expect(timers()).to.equal(0);
      });

    test('leaves a peer that has not answered, where a socket cannot be dropped', () => {
      const { peer, dialled } = opened({ move: ignoresClose });
      dialled.unsubscribe();
      advance(3_000);
      expect(dialled.told.at(-1)).to.deep.equal([3_005, 'released']);
      peer.drop();
      advance(0);
      expect(dialled.told).to.have.length(3);
    });

    for (const [kind, make, code] of [
      ['closes a browser’s socket', scripted, 1000],
      ['drops one of ws', scriptedWs, 'terminated'],
    ] as const)
      test(`${kind} that is connecting, and is not bothered by what follows`, () => {
        const peer = make(cold('---------o', { o: opens() }));
        const dialled = dialling(peer);
        advance(5);
        dialled.unsubscribe();
        expect(peer.peers[0]!.closes.at(-1)).to.include({ at: 5, code });
        expect(dialled.told).to.deep.equal([
          [5, 'closed', 1006, ''],
          [5, 'released'],
        ]);
        advance(20_000);
        expect(dialled.log).to.deep.equal([]);
        expect(dialled.told).to.have.length(2);
        expect(peer.live()).to.have.length(0);
        expect(timers()).to.equal(0);
      });

    test('hears nothing more of a socket, and its successor neither', () => {
      const late: Move = () => {
        const [socket] = sockets as [ClientSocket];
        socket.onmessage({ data: 'late' });
        socket.onerror({ error: new Error('late') });
        socket.onopen({});
      };
      const { webSocketImpl, sockets } = held(
        scripted(
          cold('o---le', { o: ignoresClose, l: late, e: ends(1011) }),
          cold('---o', { o: opens('second') }),
        ),
      );
      const options = { url, subprotocols: [], webSocketImpl };
      const recording = record(
        cold('a-b', { a: 1, b: 2 }).pipe(switchMap(() => openSocket(options))),
      );
      advance(20);
      expect(recording.log.map(([at]) => at)).to.deep.equal([0, 5]);
      expect(recording.values[1]!.subprotocol).to.equal('second');
    });
  });
});
