import { expect } from 'chai';
import { describe, it } from 'mocha';
import { advance, test, timers } from '../helpers/test.js';
import { dial, dialOpen } from './fake-test.js';

const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3];

describe('the client of a fakeSocket', () => {
  test('sees the first offered subprotocol, or the selected one', () => {
    for (const [offered, chosen, selected] of [
      [['a', 'b'], undefined, 'a'],
      [['a', 'b'], 'b', 'b'],
      [[], undefined, ''],
      [[], '', ''],
    ] as const) {
      const { fake, socket, heard } = dial({}, [...offered]);
      expect([fake.peer.readyState, fake.peer.subprotocol]).to.deep.equal([CONNECTING, '']);
      fake.open(chosen);
      expect(heard).to.deep.equal([[0, 'open']]);
      expect([socket.readyState, socket.protocol]).to.deep.equal([OPEN, selected]);
      expect([fake.peer.readyState, fake.peer.subprotocol]).to.deep.equal([OPEN, selected]);
    }
  });

  it('is opened once, and not after an end', () => {
    for (const step of ['open', 'close', 'drop', 'fail'] as const) {
      const { fake } = dial();
      fake[step]();
      expect(() => fake.open()).to.throw('open(): this socket was opened or closed before');
    }
  });

  for (const [given, told] of [
    [[], [1005, '', true]],
    [[1012], [1012, '', true]],
    [
      [4401, 'expired'],
      [4401, 'expired', true],
    ],
    [[1006], [1006, '', false]],
    [
      [1000, 'x', false],
      [1000, 'x', false],
    ],
  ] as [Parameters<ReturnType<typeof dial>['fake']['close']>, unknown[]][])
    test(`hears of close(${given.join()}) asynchronously, and once`, () => {
      const { fake, socket, heard } = dialOpen();
      advance(3);
      fake.close(...given);
      expect([heard, socket.readyState]).to.deep.equal([[], told[2] ? CLOSING : OPEN]);
      fake.fail();
      socket.close(3000);
      advance(5);
      socket.close(1000);
      advance(5);
      expect(heard).to.deep.equal([[3, 'close', ...told]]);
      expect([socket.readyState, timers()]).to.deep.equal([CLOSED, 0]);
    });

  test('stays CONNECTING until it hears of a close before open()', () => {
    const { fake, socket, heard } = dial();
    fake.close(1, 'x'.repeat(500));
    expect([socket.readyState, fake.peer.closes]).to.deep.equal([CONNECTING, []]);
    advance(0);
    expect(heard).to.deep.equal([[0, 'close', 1, 'x'.repeat(500), true]]);
  });

  test('hears of fail() as an error and then a close, each asynchronously', () => {
    const { fake, socket, heard } = dial();
    const error = new Error('ECONNREFUSED');
    const hear = socket.onerror;
    let atError: unknown[] = [];
    socket.onerror = (event) => {
      hear(event);
      atError = [socket.readyState, heard.length];
    };
    fake.fail(error);
    expect(heard).to.deep.equal([]);
    advance(0);
    expect(heard).to.deep.equal([
      [0, 'error', error],
      [0, 'close', 1006, '', false],
    ]);
    expect(atError).to.deep.equal([CONNECTING, 1]);
  });

  test('need not listen', () => {
    const { fake, socket } = dial();
    Object.assign(socket, { onopen: null, onmessage: undefined, onerror: null, onclose: null });
    fake.open();
    fake.send('x');
    fake.fail();
    advance(0);
    expect(socket.readyState).to.equal(CLOSED);
  });

  test('sends while the socket is open only', () => {
    const { fake, socket } = dial();
    expect(() => socket.send('x')).to.throw('CONNECTING');
    fake.open();
    socket.send('{"type":"connection_init"}');
    advance(5);
    const others = ['[1]', '"x"', 'null', '{'];
    for (const frame of others) socket.send(frame);
    expect(fake.peer.frames[0]).to.deep.equal({ at: 0, text: '{"type":"connection_init"}' });
    expect(fake.peer.frames[1]).to.deep.equal({ at: 5, text: '[1]' });
    fake.close(1001);
    socket.send('closing');
    advance(0);
    socket.send('closed');
    const frames = others.map((frame) => ({ frame }));
    expect(fake.sent).to.deep.equal([{ type: 'connection_init' }, ...frames]);
  });

  for (const [code, reason] of [[], [1000], [4400, 'bad']] as [number?, string?][])
    test(`gets an answer to close(${code ?? ''}) after 1 ms`, () => {
      const { fake, socket, heard } = dialOpen();
      advance(4);
      socket.close(code, reason);
      expect(socket.readyState).to.equal(CLOSING);
      socket.send('closing');
      advance(0);
      expect([heard, fake.sent]).to.deep.equal([[], []]);
      advance(10);
      expect(heard).to.deep.equal([[5, 'close', code ?? 1005, reason ?? '', true]]);
      expect(fake.peer.closes).to.deep.equal([{ at: 4, code, reason: reason ?? '' }]);
    });

  test('gets no answer after ignoreClose()', () => {
    const { fake, socket, heard } = dialOpen();
    fake.ignoreClose();
    socket.close(1000);
    expect(timers()).to.equal(0);
    advance(10_000);
    expect([heard, socket.readyState]).to.deep.equal([[], CLOSING]);
    fake.drop();
    advance(0);
    expect(heard).to.deep.equal([[10_000, 'close', 1006, '', false]]);
  });

  for (const method of ['close', 'terminate'] as const)
    test(`gets an error and then 1006 when it calls ${method}() before the socket opened`, () => {
      const { fake, socket, heard } = dial({ ws: true });
      socket[method]();
      fake.open();
      fake.ack();
      expect([socket.readyState, heard]).to.deep.equal([CLOSING, []]);
      advance(0);
      expect((heard[0]![2] as Error).message).to.include('before the connection was established');
      expect(heard.slice(1)).to.deep.equal([[0, 'close', 1006, '', false]]);
    });

  it('may give the codes 1000 and 3000 to 4999 only', () => {
    const { fake, socket } = dialOpen();
    for (const code of [0, 999, 1001, 1005, 1006, 1011, 2999, 5000]) {
      const message = `close code ${String(code)}: a client may give 1000 or 3000 to 4999`;
      expect(() => socket.close(code)).to.throw(RangeError, message);
    }
    expect([fake.peer.closes, socket.readyState]).to.deep.equal([[], OPEN]);
    const codes = [1000, 3000, 4999, undefined];
    for (const code of codes) socket.close(code);
    expect(fake.peer.closes.map(({ code }) => code)).to.deep.equal(codes);
  });

  for (const character of Array.from('x\x7f\x80\u07ff\u0800€\uffff😀\ud800'))
    it(`may give a reason of 123 bytes, counted in ${JSON.stringify(character)}`, () => {
      const { fake, socket } = dialOpen();
      const longest = character.repeat(Math.floor(123 / Buffer.byteLength(character)));
      const padded = longest.padEnd(longest.length + 123 - Buffer.byteLength(longest), '.');
      socket.close(1000, padded);
      expect(() => socket.close(1000, `${padded}.`)).to.throw(RangeError, '123 bytes');
      expect(fake.peer.closes).to.have.length(1);
    });

  describe('with ws: true', () => {
    it('has further members, and without it none of them', () => {
      const members = ['on', 'ping', 'terminate', 'pause', 'resume'];
      expect(dial({ ws: true }).socket).to.include.all.keys(members);
      for (const options of [undefined, { ws: false }]) {
        const { socket, fake } = dial(options);
        expect(socket).to.not.have.any.keys(members);
        expect(fake.peer.paused).to.equal(false);
        const message = 'emit(): only ws has an event "pong": fakeSocket({ ws: true })';
        expect(() => fake.emit('pong')).to.throw(message);
      }
    });

    test('shows its pings to the server, and hears events with every listener', () => {
      const { fake, socket } = dialOpen({ ws: true });
      advance(3);
      socket.ping();
      advance(4);
      socket.ping();
      expect(fake.peer.pings).to.deep.equal([3, 7]);
      const seen: unknown[] = [];
      for (const name of ['one', 'two']) socket.on('pong', (...values) => seen.push(name, values));
      socket.on('upgrade', () => seen.push('upgrade'));
      fake.emit('pong', 1, 2);
      fake.emit('unexpected-response');
      expect(seen).to.deep.equal(['one', [1, 2], 'two', [1, 2]]);
    });

    test('ends the socket by terminate(), also while it is paused', () => {
      const { fake, peer, socket, heard } = dialOpen({ ws: true });
      fake.ignoreClose();
      socket.pause();
      peer.send('a');
      advance(2);
      socket.terminate();
      expect([socket.readyState, heard]).to.deep.equal([CLOSING, []]);
      advance(0);
      expect(heard).to.deep.equal([[2, 'close', 1006, '', false]]);
      expect(fake.peer.closes).to.deep.equal([{ at: 2, code: 'terminated', reason: '' }]);
      expect(timers()).to.equal(0);
    });
  });

  describe('that stops reading', () => {
    test('gets the events later, asynchronously and in order', () => {
      const { peer, socket, heard } = dialOpen({ ws: true });
      const pings: unknown[] = [];
      socket.on('ping', (payload) => pings.push(payload));
      peer.send('a');
      socket.pause();
      expect([socket.isPaused, peer.paused]).to.deep.equal([true, true]);
      peer.send('b');
      peer.emit('ping', 'x');
      peer.close(1012, 'restart');
      advance(10);
      expect([heard, pings]).to.deep.equal([[[0, 'message', 'a']], []]);
      expect(peer.readyState).to.equal(OPEN);
      socket.resume();
      expect([socket.isPaused, peer.paused]).to.deep.equal([false, false]);
      peer.send('c');
      expect(heard).to.have.length(1);
      advance(1);
      expect([heard.slice(1), pings]).to.deep.equal([
        [
          [10, 'message', 'b'],
          [10, 'close', 1012, 'restart', true],
        ],
        ['x'],
      ]);
    });

    test('may stop again after each message, and nothing overtakes the rest', () => {
      const { peer, socket, heard } = dialOpen({ ws: true });
      socket.onmessage = (event) => {
        heard.push([(event as MessageEvent).data]);
        socket.pause();
      };
      peer.send('a');
      peer.send('b');
      for (const expected of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
        expect(heard.flat()).to.deep.equal(expected);
        socket.resume();
        if (expected.length === 1) peer.send('c');
        advance(0);
      }
    });

    for (const [end, ...told] of [
      ['drop', 1006, '', false],
      ['fail', 1006, '', false],
      ['close', 1000, '', true],
    ] as const)
      test(`hears of ${end} when it reads again`, () => {
        const { peer, socket, heard } = dialOpen({ ws: true });
        socket.pause();
        if (end === 'close') socket.close(1000);
        else peer[end]();
        advance(100);
        expect(heard).to.deep.equal([]);
        socket.resume();
        advance(1);
        expect(heard.at(-1)!.slice(1)).to.deep.equal(['close', ...told]);
      });
  });
});
