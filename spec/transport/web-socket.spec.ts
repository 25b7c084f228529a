import { expect } from 'chai';
import { describe, it } from 'mocha';
import { take } from 'rxjs';
import { spy } from 'sinon';
import { openSocket } from '../../lib/transport/open-socket.js';
import type { Move } from '../helpers/scripted.js';
import { ends, scripted, opens, says } from '../helpers/scripted.js';
import { virtually } from '../helpers/virtually.js';
import { dialling, framesOf, url } from './dialling.js';

describe('openWebSocket', () => {
  it(
    'emits when the socket is open, with what the server selected, and goes on',
    virtually((time) => {
      const peer = scripted(time.cold('---o', { o: opens('graphql-transport-ws') }));
      const subprotocols = ['a', 'b'];
      const dialled = dialling(time, peer, { subprotocols });
      expect(peer.peers[0]).to.deep.include({ url, offered: subprotocols });
      // the implementation gets a list of its own, because it may change it
      expect(peer.peers[0]!.offered).not.to.equal(subprotocols);
      time.advance(20_000);
      expect(dialled.log).to.deep.equal([[3, dialled.socket]]);
      expect(dialled.socket.subprotocol).to.equal('graphql-transport-ws');
      expect(dialled.told).to.deep.equal([[3, 'opened', 'graphql-transport-ws']]);
    }),
  );

  for (const [selected, shown] of [
    ['graphql-ws', 'graphql-ws'],
    ['mine', 'mine'],
    ['mqtt', 'mqtt'],
    ['', ''],
    ['header-secret', '…'],
  ] as const)
    it(
      `tells that '${selected}' was selected, as '${shown}'`,
      virtually((time) => {
        const dialled = dialling(time, scripted(time.cold('o', { o: opens(selected) })), {
          subprotocols: ['graphql-ws', 'mine', 'header-secret'],
          dialects: ['mine'],
        });
        time.advance(0);
        expect(dialled.told).to.deep.equal([[0, 'opened', shown]]);
        expect(dialled.socket.subprotocol).to.equal(selected);
      }),
    );

  it(
    'knows whether its end has begun',
    virtually((time) => {
      const peer = scripted(time.cold('o---e', { o: opens(), e: ends() }));
      const dialled = dialling(time, peer);
      time.advance(0);
      expect(dialled.socket.isClosing()).to.equal(false);
      dialled.raw.readyState = 2;
      expect(dialled.socket.isClosing()).to.equal(true);
      time.advance(5);
      expect(dialled.socket.isClosing()).to.equal(true);
    }),
  );

  it(
    'asks for binary frames that can be read at once',
    virtually((time) => {
      const { raw } = dialling(time, scripted());
      expect(raw).to.have.property('binaryType', 'arraybuffer');
    }),
  );

  describe('send', () => {
    it(
      'sends frames as they are, until the socket closes',
      virtually((time) => {
        const peer = scripted(time.cold('o---e', { o: opens(), e: ends() }));
        const dialled = dialling(time, peer);
        time.advance(1);
        const send = spy(dialled.raw, 'send');
        dialled.socket.send('one');
        dialled.raw.readyState = 2;
        dialled.socket.send('two');
        time.advance(5);
        dialled.socket.send('three');
        expect(send.args).to.deep.equal([['one']]);
      }),
    );
  });

  describe('frames$', () => {
    it(
      'has every frame from the first on, and completes with the socket',
      virtually((time) => {
        const script = time.cold<Move>('-o-(fg)-f-e', {
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
        time.advance(20);
        expect(frames).to.deep.equal(['0', '1', '2', '1', 'error', 'complete']);
      }),
    );

    it(
      'has nothing after unsubscribing, of frames in the same segment either',
      virtually((time) => {
        const peer = scripted(time.cold('of', { o: opens(), f: says('1', '2', '3', '4', '5') }));
        const dialled = dialling(time, peer);
        time.advance(0);
        const frames = framesOf(dialled.socket);
        dialled.socket.frames$.pipe(take(1)).subscribe(() => dialled.unsubscribe());
        time.advance(5);
        expect(frames).to.deep.equal(['1', '|']);
      }),
    );
  });
});
