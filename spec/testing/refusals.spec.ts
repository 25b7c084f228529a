import { expect } from 'chai';
import { describe, it } from 'mocha';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fakeSocket } from 'rx-graphql-ws/testing';
import { WebSocket, WebSocketServer } from 'ws';
import { eventually } from '../helpers/eventually.js';
import { advance, test, timers } from '../helpers/test.js';
import { dial, dialOpen } from './fake-test.js';

const [CLOSING, CLOSED] = [2, 3];

/** Offered and selected names, and the error of `ws`. */
const choices: readonly (readonly [string[], string, string])[] = [
  [['a', 'b'], 'c', 'Server sent an invalid subprotocol'],
  [['a', 'b'], 'A', 'Server sent an invalid subprotocol'],
  [['a', 'b'], '', 'Server sent no subprotocol'],
  [[], 'a', 'Server sent a subprotocol but none was requested'],
];

const headers: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ a: 'secret\r\nb: c' }, 'ERR_INVALID_CHAR'],
  [{ a: 'secret\n' }, 'ERR_INVALID_CHAR'],
  [{ a: ['x', 'secret\0'] }, 'ERR_INVALID_CHAR'],
  [{ a: '€' }, 'ERR_INVALID_CHAR'],
  [{ 'a b': 'x' }, 'ERR_INVALID_HTTP_TOKEN'],
  [{ a: undefined }, 'ERR_HTTP_INVALID_HEADER_VALUE'],
];

describe('a fakeSocket refuses', () => {
  for (const [offered, selected, message] of choices)
    test(`the subprotocol '${selected}' where ${offered.join() || 'none'} is offered`, () => {
      const { fake, socket, heard } = dial({}, offered);
      fake.open(selected);
      fake.ack();
      expect([socket.readyState, heard]).to.deep.equal([CLOSING, []]);
      advance(0);
      expect(heard.map(([, event]) => event)).to.deep.equal(['error', 'close']);
      expect(heard[0]?.[2]).to.include({ message });
      expect(heard[1]?.slice(2)).to.deep.equal([1006, '', false]);
      expect([socket.readyState, socket.protocol, timers()]).to.deep.equal([CLOSED, '', 0]);
      expect(fake.peer.closes).to.deep.equal([{ at: 0, code: 'terminated', reason: message }]);
    });

  for (const [given, code] of headers)
    it(`the headers ${JSON.stringify(given)} with ${code}, and does not show the value`, () => {
      const call = () => new (fakeSocket())('ws://peer', [], { headers: given });
      expect(call).to.throw(TypeError).that.has.property('code', code);
      expect(call).to.not.throw('secret');
    });

  it('no header that HTTP can carry, and no options without headers', () => {
    const fake = fakeSocket();
    const plain = { headers: { a: 'é\t', 'x-b': 7, c: ['x', 'y'], d: null } };
    for (const options of [plain, { headers: undefined }, {}, null, undefined])
      expect(new fake('ws://peer', [], options).readyState).to.equal(0);
  });

  for (const data of ['12345678901', '1234€678é', new ArrayBuffer(11), new Uint8Array(11)])
    test(`a frame over maxPayload (${typeof data}): the server sees 1009, the client 1006`, () => {
      const { fake, socket, heard } = dialOpen({}, [], { maxPayload: 10 });
      fake.send('1234567890', data, 'after');
      expect(heard).to.deep.equal([[0, 'message', '1234567890']]);
      expect(socket.readyState).to.equal(CLOSING);
      fake.send('after');
      advance(0);
      const [, error, close, ...more] = heard;
      expect(error?.[2]).to.include({
        ...{ name: 'RangeError', message: 'Max payload size exceeded' },
        code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
      });
      expect([close, more]).to.deep.equal([[0, 'close', 1006, '', false], []]);
      expect(fake.peer.closes).to.deep.equal([{ at: 0, code: 1009, reason: '' }]);
      expect(timers()).to.equal(0);
    });

  test('no frame within maxPayload, and none without such a limit', () => {
    for (const [maxPayload, frame] of [
      [30, 'é'.repeat(15)],
      [3, 'x'],
      [3, new Blob(['xyz'])],
      [3, 7],
      [0, 'x'.repeat(1_000)],
      [undefined, 'x'.repeat(1_000)],
    ] as const) {
      const { fake, heard } = dialOpen({}, [], { maxPayload });
      fake.send(frame);
      expect(heard).to.deep.equal([[0, 'message', frame]]);
    }
  });
});

describe('the pings of a fakeSocket', () => {
  const pongs = (socket: ReturnType<typeof dial>['socket']) => {
    const seen: unknown[] = [];
    socket.on('pong', () => seen.push('pong'));
    return seen;
  };

  test('of the WebSocket get a pong, asynchronously', () => {
    const { fake, socket } = dialOpen({ ws: true });
    const seen = pongs(socket);
    socket.ping();
    expect(seen).to.deep.equal([]);
    advance(0);
    expect([seen, fake.peer.pings]).to.deep.equal([['pong'], [0]]);
  });

  test('of the WebSocket throw before the socket is open, and do nothing after', () => {
    const { fake, socket } = dial({ ws: true });
    expect(() => socket.ping()).to.throw('CONNECTING');
    fake.open();
    const seen = pongs(socket);
    fake.close(1001);
    socket.ping();
    advance(0);
    socket.ping();
    advance(0);
    expect([seen, fake.peer.pings]).to.deep.equal([[], []]);
  });

  for (const [why, act] of [
    ['answerPings: false', () => {}],
    ['ignoreClose()', (fake: { ignoreClose(): void }) => fake.ignoreClose()],
  ] as const)
    test(`of the WebSocket get none with ${why}`, () => {
      const answerPings = why === 'ignoreClose()';
      const { fake, socket } = dialOpen({ ws: true, answerPings });
      act(fake);
      const seen = pongs(socket);
      socket.ping();
      advance(100);
      expect([seen, timers(), fake.peer.pings]).to.deep.equal([[], 0, [0]]);
    });

  test('of the current protocol get a pong with their payload, those of another get none', () => {
    for (const [offered, answers] of [
      ['graphql-transport-ws', 1],
      ['graphql-ws', 0],
      ['mine', 0],
    ] as const) {
      const { socket, heard } = dialOpen({}, [offered]);
      socket.send('{"type":"ping","payload":{"n":1}}');
      expect(heard).to.deep.equal([]);
      advance(0);
      const pong = [0, 'message', '{"type":"pong","payload":{"n":1}}'];
      expect(heard).to.deep.equal(answers ? [pong] : []);
    }
    const { socket } = dialOpen({ answerPings: false });
    socket.send('{"type":"ping"}');
    expect(timers()).to.equal(0);
  });
});

describe('the client of `ws` refuses the same', () => {
  /** Dials a real server that selects this name, and sends this text. */
  async function real(offered: string[], selected: string, text = '', maxPayload = 10) {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.options.handleProtocols = () => selected || false;
    if (offered.length === 0 && selected)
      server.on('headers', (lines) => lines.push(`Sec-WebSocket-Protocol: ${selected}`));
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const closes: unknown[] = [];
    server.on('connection', (socket) => {
      socket.on('close', (code) => closes.push(code));
      if (text) socket.send(text);
    });
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, offered, { maxPayload });
    const errors: unknown[] = [];
    socket.on('error', (error) => errors.push(error.message));
    const code = await new Promise((resolve) => socket.on('close', resolve));
    if (text) await eventually(() => expect(closes).to.have.length(1));
    server.close();
    return { code, errors, closes };
  }

  for (const [offered, selected, message] of choices)
    it(`'${selected}' where ${offered.join() || 'none'} is offered`, async () => {
      const { code, errors } = await real(offered, selected);
      expect([code, errors]).to.deep.equal([1006, [message]]);
    });

  it('a frame over maxPayload', async () => {
    const seen = await real([], '', '12345678901');
    const errors = ['Max payload size exceeded'];
    expect(seen).to.deep.equal({ code: 1006, errors, closes: [1009] });
  });

  for (const [given, code] of headers)
    it(`the headers ${JSON.stringify(given)}`, () => {
      const call = () => new WebSocket('ws://127.0.0.1:1', [], { headers: given as never });
      expect(call).to.throw(TypeError).that.has.property('code', code);
    });
});
