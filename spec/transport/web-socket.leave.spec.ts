import { expect } from 'chai';
import { describe } from 'mocha';
import { switchMap } from 'rxjs';
import { SilentDisconnectError } from '../../lib/errors.js';
import { toFrame } from '../../lib/transport/raw-socket.js';
import { openSocket } from '../../lib/transport/open-socket.js';
import { held, type ClientSocket } from '../helpers/held.js';
import { ends, fails, opens, says, scripted, scriptedWs, type Move } from '../helpers/scripted.js';
import { advance, cold, record, test, timers } from '../helpers/test.js';
import { dialling, framesOf, ignoresClose, opened, url, where } from './dialling.js';

const goodbye = { at: 5, code: 1000, reason: '' };
const silence = new SilentDisconnectError('pong', 7);
/** As in React Native. */
function withoutDecoder<T>(act: () => T): T {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'TextDecoder')!;
  delete (globalThis as { TextDecoder?: unknown }).TextDecoder;
  try {
    return act();
  } finally {
    Object.defineProperty(globalThis, 'TextDecoder', own);
  }
}

const bytes = (...values: number[]) => Uint8Array.from(values).buffer;
const utf8 = (text: string) => bytes(...new TextEncoder().encode(text));

describe('openWebSocket', () => {
  describe('unsubscribed from', () => {
    test('closes with 1000, and waits for the peer', () => {
      const { peer, dialled } = opened();
      dialled.unsubscribe();
      expect(dialled.told.slice(1)).to.deep.equal([]);
      advance(10_000);
      expect(peer.closes).to.deep.equal([goodbye]);
      expect(dialled.told.slice(1)).to.deep.equal([
        [6, 'closed', 1000, '', true],
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
        [6, 'closed', 1000, '', true],
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
        [5, 'closed', 1006, '', false],
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
          [at, 'closed', 1006, '', false],
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
          [5, 'closed', 1006, '', false],
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
      const options = { url, subprotocols: ['first', 'second'], webSocketImpl };
      const recording = record(
        cold('a-b', { a: 1, b: 2 }).pipe(switchMap(() => openSocket(options))),
      );
      advance(20);
      expect(recording.log.map(([at]) => at)).to.deep.equal([0, 5]);
      expect(recording.values[1]!.subprotocol).to.equal('second');
    });
  });

  describe('when the peer closes', () => {
    for (const [code, reason, wasClean] of [
      [1000, '', true],
      [1000, 'bye', true],
      [1001, 'restart', true],
      [1005, '', true],
      [1006, '', false],
      [1011, '', true],
      [4401, 'Unauthorized', true],
      [4500, 'reason\u202e', false],
    ] as const)
      test(`errors with ${code} ${reason}, clean or not`, () => {
        const end = ends(code, reason, wasClean);
        const peer = scripted(cold('-o--e', { o: opens(), e: end }));
        const dialled = dialling(peer);
        advance(10);
        expect(dialled.log.slice(1)).to.deep.equal([[4, 'error', 'ConnectionClosedError']]);
        expect(dialled.error).to.include({ code, reason, wasClean });
        expect(dialled.error).not.to.have.property('cause');
        expect(dialled.told.slice(1)).to.deep.equal([
          [4, 'closed', code, reason, wasClean],
          [4, 'released'],
        ]);
        expect(peer.peers[0]!.closes).to.deep.equal([]);
        expect(timers()).to.equal(0);
      });

    test('makes one error of an error and a close, when both are there', () => {
      const cause = new Error('WS_ERR_INVALID_OPCODE');
      const peer = scripted(cold('-o-----e', { o: opens(), e: ends(1002, 'opcode', false) }));
      const dialled = dialling(peer);
      advance(4);
      dialled.raw.onerror({ type: 'error', error: cause });
      advance(16);
      expect(dialled.log.slice(1)).to.deep.equal([[7, 'error', 'ConnectionClosedError']]);
      expect(dialled.error).to.include({ code: 1002, reason: 'opcode', cause });
    });

    for (const [event, code] of [
      [{ code: 1001 }, 1001],
      [{}, 1006],
    ] as const)
      test(`takes ${JSON.stringify(event)} for the whole of a close event`, () => {
        const dialled = dialling(scripted(cold('o', { o: opens() })));
        advance(1);
        dialled.raw.onclose(event);
        expect(dialled.error).to.include({ code, reason: '', wasClean: false });
        expect(dialled.told[1]).to.deep.equal([1, 'closed', code, '', false]);
      });
  });

  describe('when the socket does not open', () => {
    test('errors once, at the close, with what the browser tells: nothing', () => {
      const peer = scripted(cold('--f', { f: fails() }));
      const dialled = dialling(peer);
      advance(20);
      expect(dialled.log).to.deep.equal([[2, 'error', 'ConnectionError']]);
      expect(dialled.error.message).to.equal(`could not connect to ${where}`);
      expect(dialled.told).to.deep.equal([
        [2, 'closed', 1006, '', false],
        [2, 'released'],
      ]);
      expect(timers()).to.equal(0);
    });

    const cause = new Error('connect ECONNREFUSED');
    for (const [what, make, end, message] of [
      ['what ws tells', scriptedWs, fails(cause), `: ${cause.message}`],
      ['nothing of an implementation that closes without an error', scripted, ends(1006), ''],
    ] as const)
      test(`errors once, at the close, with ${what}`, () => {
        const dialled = dialling(make(cold('--e', { e: end })));
        advance(20);
        expect(dialled.log).to.deep.equal([[2, 'error', 'ConnectionError']]);
        expect(dialled.error.message).to.equal(`could not connect to ${where}${message}`);
        expect(dialled.error.cause).to.equal(message ? cause : undefined);
      });
  });

  describe('with a binary frame', () => {
    const texts: readonly (readonly [text: string, frame: ArrayBuffer])[] = [
      ...['{"type":"é😀\u2028"}', '', '\u0000'].map((text) => [text, utf8(text)] as const),
      // a byte order mark is kept, because no JSON has one
      ['\ufeff{}', bytes(0xef, 0xbb, 0xbf, 0x7b, 0x7d)],
    ];
    for (const [text, frame] of texts)
      test(`reads the UTF-8 of ${JSON.stringify(text)}`, () => {
        const peer = scripted(cold('of', { o: opens(), f: says(frame) }));
        const dialled = dialling(peer);
        advance(0);
        const frames = framesOf(dialled.socket);
        advance(5);
        expect(frames).to.deep.equal([text]);
      });

    for (const [text, frame] of texts)
      test(`reads the UTF-8 of ${JSON.stringify(text)} without a TextDecoder`, () => {
        expect(withoutDecoder(() => toFrame(frame))).to.equal(text);
      });

    for (const data of [bytes(0x7b, 0xff), bytes(0xed, 0xa0, 0x80), bytes(0xc3)])
      test(`refuses ${new Uint8Array(data).join()} without a TextDecoder`, () => {
        expect(withoutDecoder(() => toFrame(data))).to.equal(undefined);
      });

    for (const [what, data] of [
      ['no UTF-8', bytes(0x7b, 0xff, 0x7d)],
      ['a surrogate', bytes(0xed, 0xa0, 0x80)],
      ['a sequence cut off', bytes(0xc3)],
      ['no bytes at all', new Blob(['{}'])],
    ] as const)
      test(`ends the socket for ${what}, with a reason of our own`, () => {
        const peer = scripted(cold('ofg', { o: opens(), f: says(data), g: says('late') }));
        const dialled = dialling(peer);
        advance(0);
        const frames = framesOf(dialled.socket);
        advance(5);
        expect(dialled.log.slice(1)).to.deep.equal([[1, 'error', 'ProtocolError']]);
        expect(dialled.error).to.include({
          message: 'malformed frame: neither text nor UTF-8',
          frame: '',
        });
        expect(frames).to.deep.equal(['|']);
        expect(peer.peers[0]!.closes).to.deep.equal([
          { at: 1, code: 4400, reason: 'Malformed frame' },
        ]);
        expect(dialled.told.slice(1, 3)).to.deep.equal([
          [1, 'failed', dialled.error],
          [1, 'closed', 4400, 'Malformed frame', false],
        ]);
      });
  });
});
