import { expect } from 'chai';
import { describe, it } from 'mocha';
import { virtually } from '../helpers/virtually.js';
import { dial } from './fake-test.js';

const [CLOSING, CLOSED] = [2, 3];

describe('fakeSocket', () => {
  describe('to a client that sends', () => {
    it('throws while it is CONNECTING, as browsers do', () => {
      const { fake, socket } = dial();
      expect(() => socket.send('x')).to.throw('CONNECTING');
      expect(fake.sent).to.deep.equal([]);
    });

    it(
      'notes each frame with its time',
      virtually(({ advance }) => {
        const { fake, socket } = dial();
        fake.open();
        socket.send('{"type":"connection_init"}');
        advance(5);
        for (const frame of ['[1]', '"x"', 'null', '{']) socket.send(frame);
        expect(fake.peer.frames[0]).to.deep.equal({ at: 0, text: '{"type":"connection_init"}' });
        expect(fake.peer.frames[1]).to.deep.equal({ at: 5, text: '[1]' });
        const others = ['[1]', '"x"', 'null', '{'].map((frame) => ({ frame }));
        expect(fake.sent).to.deep.equal([{ type: 'connection_init' }, ...others]);
      }),
    );

    it(
      'is deaf once the socket closes, whoever began',
      virtually(({ advance }) => {
        for (const begin of ['server', 'client'] as const) {
          const { fake, socket } = dial();
          fake.open();
          if (begin === 'server') fake.close(1001);
          else socket.close(1000);
          socket.send('closing');
          advance(1);
          socket.send('closed');
          expect(fake.sent).to.deep.equal([]);
        }
      }),
    );
  });

  describe('to a client that closes', () => {
    const closes: [given: [code?: number, reason?: string], answered: unknown[]][] = [
      [[], [1005, '', true]],
      [[1000], [1000, '', true]],
      [
        [4400, 'bad'],
        [4400, 'bad', true],
      ],
    ];
    for (const [given, answered] of closes)
      it(
        `answers ${JSON.stringify(given)} after 1 ms`,
        virtually(({ advance }) => {
          const { fake, socket, heard } = dial();
          fake.open();
          advance(4);
          socket.close(...given);
          expect(socket.readyState).to.equal(CLOSING);
          advance(0);
          expect(heard).to.have.length(1);
          advance(10);
          expect(heard.slice(1)).to.deep.equal([[5, 'close', ...answered]]);
          const [code, reason = ''] = given;
          expect(fake.peer.closes).to.deep.equal([{ at: 4, code, reason }]);
        }),
      );

    it(
      'does not answer any more after ignoreClose()',
      virtually(({ advance, timers }) => {
        const { fake, socket, heard } = dial();
        fake.open();
        fake.ignoreClose();
        socket.close(1000);
        expect(timers()).to.equal(0);
        advance(10_000);
        expect([heard.length, socket.readyState]).to.deep.equal([1, CLOSING]);
        fake.drop();
        advance(0);
        expect(heard.at(-1)).to.deep.equal([10_000, 'close', 1006, '', false]);
      }),
    );

    it(
      'errors, and then closes with 1006, if it was not open yet',
      virtually(({ advance }) => {
        const { fake, socket, heard } = dial();
        socket.close();
        expect([socket.readyState, heard]).to.deep.equal([CLOSING, []]);
        advance(0);
        expect(heard.map(([at, event]) => [at, event])).to.deep.equal([
          [0, 'error'],
          [0, 'close'],
        ]);
        expect((heard[0]![2] as Error).message).to.include('before the connection was established');
        expect(heard[1]!.slice(2)).to.deep.equal([1006, '', false]);
        expect(fake.peer.closes).to.deep.equal([{ at: 0, code: undefined, reason: '' }]);
      }),
    );

    it(
      'leaves a socket closed that is',
      virtually(({ advance }) => {
        const { fake, socket, heard } = dial();
        fake.open();
        fake.close(1001);
        advance(0);
        socket.close(1000);
        expect(socket.readyState).to.equal(CLOSED);
        advance(5);
        expect(heard.slice(1)).to.deep.equal([[0, 'close', 1001, '', true]]);
      }),
    );

    it('notes every call, and takes the legal codes', () => {
      const { fake, socket } = dial();
      fake.open();
      const codes = [1000, 3000, 4999, undefined];
      for (const code of codes) socket.close(code);
      expect(fake.peer.closes.map(({ code }) => code)).to.deep.equal(codes);
    });

    for (const code of [0, 999, 1001, 1005, 1006, 1011, 2999, 5000])
      it(`refuses the code ${String(code)}, which is no client’s`, () => {
        const { fake, socket } = dial();
        fake.open();
        expect(() => socket.close(code))
          .to.throw(RangeError)
          .with.property(
            'message',
            `close code ${String(code)}: a client may give 1000 or 3000 to 4999`,
          );
        expect([fake.peer.closes, socket.readyState]).to.deep.equal([[], 1]);
      });

    for (const character of [
      'x',
      '\x7f',
      '\x80',
      '\u07ff',
      '\u0800',
      '€',
      '\uffff',
      '😀',
      '\ud800',
    ])
      it(`refuses a reason of more than 123 bytes of ${JSON.stringify(character)}`, () => {
        const { fake, socket } = dial();
        fake.open();
        const longest = character.repeat(Math.floor(123 / Buffer.byteLength(character)));
        const padded = longest.padEnd(longest.length + 123 - Buffer.byteLength(longest), '.');
        socket.close(1000, padded);
        expect(() => socket.close(1000, `${padded}.`)).to.throw(RangeError, '123 bytes');
        expect(fake.peer.closes).to.have.length(1);
      });
  });

  describe('with ws: true', () => {
    it('has on, ping and terminate, and without it none of them', () => {
      expect(dial({ ws: true }).socket).to.include.all.keys('on', 'ping', 'terminate');
      for (const options of [undefined, {}, { ws: false }])
        expect(dial(options).socket).to.not.have.any.keys('on', 'ping', 'terminate');
    });

    it(
      'tells when the client pinged',
      virtually(({ advance }) => {
        const { fake, socket } = dial({ ws: true });
        fake.open();
        advance(3);
        socket.ping();
        advance(4);
        socket.ping();
        expect(fake.peer.pings).to.deep.equal([3, 7]);
      }),
    );

    it('emits events to all who listen for them', () => {
      const { fake, socket } = dial({ ws: true });
      const seen: unknown[] = [];
      socket.on('pong', (...values) => seen.push(['one', ...values]));
      socket.on('pong', (...values) => seen.push(['two', ...values]));
      socket.on('upgrade', () => seen.push('upgrade'));
      fake.emit('pong', 1, 2);
      fake.emit('unexpected-response');
      expect(seen).to.deep.equal([
        ['one', 1, 2],
        ['two', 1, 2],
      ]);
    });

    it('without it says that there are no such events', () => {
      expect(() => dial().fake.emit('pong')).to.throw(
        'emit(): only ws has an event "pong": fakeSocket({ ws: true })',
      );
    });

    it(
      'is gone at once after terminate()',
      virtually(({ advance }) => {
        const { fake, socket, heard } = dial({ ws: true });
        fake.open();
        fake.ignoreClose();
        advance(2);
        socket.terminate();
        expect([socket.readyState, heard.length]).to.deep.equal([CLOSING, 1]);
        advance(0);
        expect(heard.slice(1)).to.deep.equal([[2, 'close', 1006, '', false]]);
        expect(fake.peer.closes).to.deep.equal([{ at: 2, code: 'terminated', reason: '' }]);
      }),
    );

    it(
      'errors at terminate() if it was not open yet',
      virtually(({ advance }) => {
        const { socket, heard } = dial({ ws: true });
        socket.terminate();
        advance(0);
        expect(heard.map(([, event]) => event)).to.deep.equal(['error', 'close']);
      }),
    );
  });
});
