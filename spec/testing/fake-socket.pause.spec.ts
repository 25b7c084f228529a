import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { FakeSocketOptions } from 'rx-graphql-ws/testing';
import { virtually } from '../helpers/virtually.js';
import { dial } from './fake-test.js';

/** A socket that is open, and what `ws` has besides. */
function opened(options: FakeSocketOptions = { ws: true }) {
  const { fake, socket, heard } = dial(options);
  fake.open();
  heard.splice(0);
  const pausable = socket as typeof socket & {
    readonly isPaused?: boolean;
    pause?(): void;
    resume?(): void;
  };
  return { fake, peer: fake.peer, socket: pausable, heard };
}

describe('fakeSocket that stops reading', () => {
  it(
    'hears what came meanwhile when it goes on, asynchronously and in order',
    virtually(({ advance }) => {
      const { peer, socket, heard } = opened();
      peer.send('a');
      socket.pause?.();
      expect([socket.isPaused, peer.paused]).to.deep.equal([true, true]);
      peer.send('b', 'c');
      peer.close(1012, 'restart');
      advance(10);
      expect([heard, peer.readyState]).to.deep.equal([[[0, 'message', 'a']], 1]);
      socket.resume?.();
      expect([socket.isPaused, peer.paused]).to.deep.equal([false, false]);
      expect(heard).to.have.length(1);
      advance(1);
      expect(heard.slice(1)).to.deep.equal([
        [10, 'message', 'b'],
        [10, 'message', 'c'],
        [10, 'close', 1012, 'restart', true],
      ]);
      expect(peer.readyState).to.equal(3);
    }),
  );

  it(
    'lets nothing overtake what waits',
    virtually(({ advance }) => {
      const { peer, socket, heard } = opened();
      socket.pause?.();
      peer.send('a');
      socket.resume?.();
      peer.send('b');
      expect(heard).to.deep.equal([]);
      advance(0);
      peer.send('c');
      expect(heard.map(([, , text]) => text)).to.deep.equal(['a', 'b', 'c']);
    }),
  );

  it(
    'may stop again in the midst of it',
    virtually(({ advance }) => {
      const { peer, socket, heard } = opened();
      socket.onmessage = (event) => {
        heard.push([(event as MessageEvent).data]);
        socket.pause?.();
      };
      peer.send('a');
      peer.send('b', 'c');
      for (const expected of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
        expect(heard.flat()).to.deep.equal(expected);
        socket.resume?.();
        advance(0);
      }
    }),
  );

  for (const [what, fail] of [
    ['a drop', 'drop'],
    ['a failure', 'fail'],
  ] as const)
    it(
      `does not know of ${what}, nor of a ping`,
      virtually(({ advance }) => {
        const { peer, socket, heard } = opened();
        const pings: unknown[] = [];
        socket.on('ping', (payload) => pings.push(payload));
        socket.pause?.();
        peer.emit('ping', 'x');
        peer[fail]();
        advance(10);
        expect([heard, pings]).to.deep.equal([[], []]);
        socket.resume?.();
        advance(1);
        expect(pings).to.deep.equal(['x']);
        expect(heard.at(-1)).to.deep.equal([10, 'close', 1006, '', false]);
      }),
    );

  it(
    'does not hear the answer to its own close',
    virtually(({ advance }) => {
      const { socket, heard } = opened();
      socket.pause?.();
      socket.close(1000);
      advance(100);
      expect(heard).to.deep.equal([]);
      socket.resume?.();
      advance(1);
      expect(heard).to.deep.equal([[101, 'close', 1000, '', true]]);
    }),
  );

  it(
    'ends at once by terminate()',
    virtually(({ advance, timers }) => {
      const { peer, socket, heard } = opened();
      socket.pause?.();
      peer.send('a');
      socket.terminate();
      advance(0);
      expect(heard).to.deep.equal([[0, 'close', 1006, '', false]]);
      expect([peer.readyState, timers()]).to.deep.equal([3, 0]);
    }),
  );

  it('cannot without `ws`', () => {
    const { peer, socket } = opened({});
    expect(socket).not.to.have.any.keys('isPaused', 'pause', 'resume');
    expect(peer.paused).to.equal(false);
  });
});
