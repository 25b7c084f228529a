import { expect } from 'chai';
import { describe } from 'mocha';
import { ends, fails, scripted, scriptedWs, opens, says } from '../helpers/scripted.js';
import { advance, cold, test, timers } from '../helpers/test.js';
import { dialling, framesOf, where } from './dialling.js';

const bytes = (...values: number[]) => Uint8Array.from(values).buffer;
const utf8 = (text: string) => bytes(...new TextEncoder().encode(text));

describe('openWebSocket', () => {
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
          [4, 'closed', code, reason],
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
        expect(dialled.told[1]).to.deep.equal([1, 'closed', code, '']);
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
        [2, 'closed', 1006, ''],
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
          [1, 'closed', 4400, 'Malformed frame'],
        ]);
      });
  });
});
