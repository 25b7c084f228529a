import { expect } from 'chai';
import { describe, it } from 'mocha';
import { virtually } from '../helpers/virtually.js';
import { dial } from './fake-test.js';

const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3];

describe('fakeSocket', () => {
  describe('open', () => {
    it(
      'selects the first subprotocol offered, another one, or none',
      virtually(() => {
        for (const [offered, chosen, selected] of [
          [['a', 'b'], undefined, 'a'],
          [['a', 'b'], 'b', 'b'],
          [['a', 'b'], '', ''],
          [[], undefined, ''],
        ] as const) {
          const { fake, socket, heard } = dial({}, [...offered]);
          expect([fake.peer.readyState, fake.peer.subprotocol]).to.deep.equal([CONNECTING, '']);
          fake.open(chosen);
          expect(heard).to.deep.equal([[0, 'open']]);
          expect([fake.peer.readyState, fake.peer.subprotocol]).to.deep.equal([OPEN, selected]);
          expect([socket.readyState, socket.protocol]).to.deep.equal([OPEN, selected]);
        }
      }),
    );

    it('cannot be done twice, nor after an end', () => {
      const before = ['open', 'close', 'drop', 'fail'] as const;
      for (const step of before) {
        const { fake } = dial();
        fake[step]();
        expect(() => fake.open()).to.throw('open(): this socket was opened or closed before');
      }
    });

    it(
      'is in vain when the client has left, and so is what follows',
      virtually(({ advance }) => {
        const { fake, socket, heard } = dial();
        socket.close();
        fake.open();
        fake.ack();
        expect([socket.readyState, socket.protocol, heard]).to.deep.equal([CLOSING, '', []]);
        advance(5);
        fake.ack();
        expect(heard.map(([, event]) => event)).to.deep.equal(['error', 'close']);
      }),
    );
  });

  describe('close', () => {
    const ends: [string, Parameters<ReturnType<typeof dial>['fake']['close']>, unknown[]][] = [
      ['without a code', [], [1005, '', true]],
      ['with a code', [1012], [1012, '', true]],
      ['with a reason', [4401, 'expired'], [4401, 'expired', true]],
      ['with 1006', [1006], [1006, '', false]],
      ['unclean', [1000, 'x', false], [1000, 'x', false]],
    ];
    for (const [how, given, told] of ends)
      it(
        `${how} is heard of asynchronously`,
        virtually(({ advance }) => {
          const { fake, socket, heard } = dial();
          fake.open();
          advance(3);
          fake.close(...given);
          expect(heard).to.have.length(1);
          expect(socket.readyState).to.equal(told[2] ? CLOSING : OPEN);
          advance(0);
          expect(heard.slice(1)).to.deep.equal([[3, 'close', ...told]]);
          expect([socket.readyState, fake.peer.readyState]).to.deep.equal([CLOSED, CLOSED]);
        }),
      );

    it(
      'of a socket that is not open yet leaves it CONNECTING until then',
      virtually(({ advance }) => {
        const { fake, socket, heard } = dial();
        fake.close(1000);
        expect(socket.readyState).to.equal(CONNECTING);
        advance(0);
        expect(heard).to.deep.equal([[0, 'close', 1000, '', true]]);
      }),
    );

    it(
      'is heard of once, and the first counts',
      virtually(({ advance, timers }) => {
        const { fake, socket, heard } = dial();
        fake.open();
        fake.close(1011);
        fake.drop();
        fake.fail();
        socket.close(3000);
        advance(5);
        expect(heard.slice(1)).to.deep.equal([[0, 'close', 1011, '', true]]);
        expect(timers()).to.equal(0);
      }),
    );

    it('is not of the client: what a server gives is not checked', () => {
      const { fake } = dial();
      expect(() => fake.close(1, 'x'.repeat(500))).not.to.throw();
      expect(fake.peer.closes).to.deep.equal([]);
    });
  });

  it(
    'drop ends without a close frame',
    virtually(({ advance }) => {
      const { fake, socket, heard } = dial();
      fake.open();
      fake.drop();
      expect(socket.readyState).to.equal(OPEN);
      advance(0);
      expect(heard.slice(1)).to.deep.equal([[0, 'close', 1006, '', false]]);
    }),
  );

  it(
    'fail is an error and then a close, each asynchronously',
    virtually(({ advance }) => {
      const { fake, socket, heard } = dial();
      const error = new Error('ECONNREFUSED');
      let atError: unknown[] = [];
      const hear = socket.onerror;
      socket.onerror = (event) => {
        hear(event);
        atError = [socket.readyState, heard.length];
      };
      advance(2);
      fake.fail(error);
      expect(heard).to.deep.equal([]);
      advance(0);
      expect(heard).to.deep.equal([
        [2, 'error', error],
        [2, 'close', 1006, '', false],
      ]);
      expect(atError).to.deep.equal([CONNECTING, 1]);
    }),
  );

  it(
    'bears a client that does not listen',
    virtually(({ advance }) => {
      const { fake, socket } = dial();
      Object.assign(socket, { onopen: null, onmessage: undefined, onerror: null, onclose: null });
      fake.open();
      fake.send('x');
      fake.fail();
      advance(0);
      expect(socket.readyState).to.equal(CLOSED);
    }),
  );
});
