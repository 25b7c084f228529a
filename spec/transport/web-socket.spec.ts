import { expect } from 'chai';
import { describe } from 'mocha';
import { take } from 'rxjs';
import { spy } from 'sinon';
import { openSocket } from '../../lib/transport/open-socket.js';
import type { Move } from '../helpers/scripted.js';
import { ends, scripted, opens, says } from '../helpers/scripted.js';
import { advance, cold, test } from '../helpers/test.js';
import { dialling, framesOf, url } from './dialling.js';

describe('openWebSocket', () => {
  test('emits when the socket is open, with what the server selected, and goes on', () => {
    const peer = scripted(cold('---o', { o: opens('graphql-transport-ws') }));
    const subprotocols = ['a', 'b'];
    const dialled = dialling(peer, { subprotocols });
    expect(peer.peers[0]).to.deep.include({ url, offered: subprotocols });
    // the implementation gets a list of its own, because it may change it
    expect(peer.peers[0]!.offered).not.to.equal(subprotocols);
    advance(20_000);
    expect(dialled.log).to.deep.equal([[3, dialled.socket]]);
    expect(dialled.socket.subprotocol).to.equal('graphql-transport-ws');
    expect(dialled.told).to.deep.equal([[3, 'opened', 'graphql-transport-ws']]);
  });

  for (const [selected, shown] of [
    ['graphql-ws', 'graphql-ws'],
    ['mine', 'mine'],
    ['mqtt', 'mqtt'],
    ['', ''],
    ['header-secret', '…'],
  ] as const)
    test(`tells that '${selected}' was selected, as '${shown}'`, () => {
      const dialled = dialling(scripted(cold('o', { o: opens(selected) })), {
        subprotocols: ['graphql-ws', 'mine', 'header-secret'],
        dialects: ['mine'],
      });
      advance(0);
      expect(dialled.told).to.deep.equal([[0, 'opened', shown]]);
      expect(dialled.socket.subprotocol).to.equal(selected);
    });

  test('knows whether its end has begun', () => {
    const peer = scripted(cold('o---e', { o: opens(), e: ends() }));
    const dialled = dialling(peer);
    advance(0);
    expect(dialled.socket.isClosing()).to.equal(false);
    dialled.raw.readyState = 2;
    expect(dialled.socket.isClosing()).to.equal(true);
    advance(5);
    expect(dialled.socket.isClosing()).to.equal(true);
  });

  test('asks for binary frames that can be read at once', () => {
    const { raw } = dialling(scripted());
    expect(raw).to.have.property('binaryType', 'arraybuffer');
  });

  describe('send', () => {
    test('sends frames as they are, until the socket closes', () => {
      const peer = scripted(cold('o---e', { o: opens(), e: ends() }));
      const dialled = dialling(peer);
      advance(1);
      const send = spy(dialled.raw, 'send');
      dialled.socket.send('one');
      dialled.raw.readyState = 2;
      dialled.socket.send('two');
      advance(5);
      dialled.socket.send('three');
      expect(send.args).to.deep.equal([['one']]);
    });
  });

  describe('frames$', () => {
    test('has every frame from the first on, and completes with the socket', () => {
      const script = cold<Move>('-o-(fg)-f-e', {
        o: (socket) => {
          opens()(socket);
          says('0')(socket);
        },
        f: says('1'),
        g: says('2'),
        e: ends(1001),
      });
      const peer = scripted(script);
      const frames: string[] = [];
      openSocket({ url, subprotocols: [], webSocketImpl: peer }).subscribe({
        next: (socket) => {
          socket.frames$.subscribe({
            next: (frame) => frames.push(frame),
            complete: () => frames.push('complete'),
          });
        },
        error: () => frames.push('error'),
      });
      advance(20);
      expect(frames).to.deep.equal(['0', '1', '2', '1', 'error', 'complete']);
    });

    test('has nothing after unsubscribing, of frames in the same segment either', () => {
      const peer = scripted(cold('of', { o: opens(), f: says('1', '2', '3', '4', '5') }));
      const dialled = dialling(peer);
      advance(0);
      const frames = framesOf(dialled.socket);
      dialled.socket.frames$.pipe(take(1)).subscribe(() => dialled.unsubscribe());
      advance(5);
      expect(frames).to.deep.equal(['1', '|']);
    });
  });
});
