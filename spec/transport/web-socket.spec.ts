import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import http from 'node:http';
import { take } from 'rxjs';
import { restore, spy, stub } from 'sinon';
import { openSocket } from '../../lib/transport/open-socket.js';
import type { WebSocketConstructor } from '../../lib/transport/socket.js';
import { ProtocolError, SilentDisconnectError } from '../../lib/errors.js';
import { ends, fails, opens, says, scripted, scriptedWs, type Move } from '../helpers/scripted.js';
import { advance, cold, test, timers } from '../helpers/test.js';
import { failureOf } from '../helpers/failure-of.js';
import { dialling, framesOf, ignoresClose, opened, url, where } from './dialling.js';

const fault = new ProtocolError('malformed handshake', '');
const silence = new SilentDisconnectError('pong', 7);

describe('openWebSocket', () => {
  test('emits when the socket is open, with what the server selected, and goes on', () => {
    const peer = scripted(cold('---o', { o: opens('graphql-transport-ws') }));
    const subprotocols = ['a', 'graphql-transport-ws'];
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
      const dialled = dialling(scripted(cold('o', { o: opens() })), {
        subprotocols: ['graphql-ws', 'mine', 'header-secret'],
        dialects: ['mine'],
      });
      // React Native's socket does not compare the name with the offered ones
      Object.defineProperty(dialled.raw, 'protocol', { get: () => selected, set: () => {} });
      advance(0);
      expect(dialled.told).to.deep.equal([[0, 'opened', shown]]);
      expect(dialled.socket.subprotocol).to.equal(selected);
    });

  for (const [offered, dialects, assumed] of [
    [['graphql-transport-ws', 'graphql-ws'], undefined, 'graphql-transport-ws'],
    [['graphql-ws', 'graphql-transport-ws'], undefined, 'graphql-ws'],
    [['header-secret', 'graphql-ws'], undefined, 'graphql-ws'],
    [['header-secret', 'mine', 'graphql-ws'], ['mine'], 'mine'],
    [[], undefined, ''],
  ] as const)
    for (const untold of [undefined, null])
      test(`assumes '${assumed}' of ${offered.join()} where the implementation tells ${String(untold)}`, () => {
        const [first = ''] = offered;
        const peer = scripted(cold('-o', { o: opens(first) }));
        const dialled = dialling(peer, { subprotocols: offered, dialects });
        Object.defineProperty(dialled.raw, 'protocol', { get: () => untold, set: () => {} });
        advance(5);
        expect(dialled.told).to.deep.equal([[1, 'opened', assumed]]);
        expect(dialled.socket.subprotocol).to.equal(assumed);
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

  describe('close', () => {
    test('counts as closed at once, and sends the close frame behind that', () => {
      const { peer, dialled } = opened();
      const frames = framesOf(dialled.socket);
      dialled.socket.close(fault, 4400, 'Malformed handshake');
      peer.send('late');
      dialled.socket.close(silence);
      dialled.unsubscribe();
      advance(10);
      expect(peer.closes).to.deep.equal([{ at: 5, code: 4400, reason: 'Malformed handshake' }]);
      expect(dialled.told.slice(1)).to.deep.equal([
        [5, 'failed', fault],
        [5, 'closed', 4400, 'Malformed handshake', false],
        [5, 'failed', silence],
        [6, 'closed', 4400, 'Malformed handshake', true],
        [6, 'released'],
      ]);
      expect(frames).to.deep.equal(['|']);
    });

    test('without a code drops the socket, and does not wait for it', () => {
      const { peer, dialled } = opened({ make: scriptedWs, move: ignoresClose });
      dialled.socket.close(silence);
      expect(peer.closes.at(-1)).to.deep.equal({ at: 5, code: 'terminated', reason: '' });
      expect(dialled.told.at(-1)).to.deep.equal([5, 'released']);
      dialled.unsubscribe();
      advance(10_000);
      expect(dialled.told.filter(([, event]) => event === 'released')).to.have.length(1);
      expect(timers()).to.equal(0);
    });
  });

  describe('connectTimeout', () => {
    for (const [connectTimeout, at, unit = 'ms'] of [
      [undefined, 10_000],
      [300, 300],
      // most often seconds were meant
      [10, 10, 'ms (milliseconds)'],
      [0, 0, 'ms (milliseconds)'],
    ] as const)
      test(`gives up after ${at} ms with ${String(connectTimeout)}`, () => {
        const peer = scriptedWs();
        const dialled = dialling(peer, { connectTimeout });
        advance(20_000);
        expect(dialled.log).to.deep.equal([[at, 'error', 'ConnectionError']]);
        const message = `could not connect to ${where} within ${at} ${unit}`;
        expect(dialled.error.message).to.equal(message);
        expect(dialled.told).to.deep.equal([
          [at, 'closed', 1006, '', false],
          [at, 'released'],
        ]);
        expect(peer.live()).to.have.length(0);
        expect(timers()).to.equal(0);
      });

    test('never gives up with false', () => {
      const dialled = dialling(scripted(), { connectTimeout: false });
      expect(timers()).to.equal(0);
      advance(3_600_000);
      expect(dialled.log).to.deep.equal([]);
    });

    for (const [what, move, entries] of [
      ['opens', opens(), 1],
      ['fails', fails(), 1],
    ] as const)
      test(`is over when the socket ${what}`, () => {
        const peer = scripted(cold('9999ms m', { m: move }));
        const dialled = dialling(peer);
        advance(60_000);
        expect(dialled.log).to.have.length(entries);
        expect(dialled.log[0]![0]).to.equal(9_999);
        expect(timers()).to.equal(0);
      });
  });
});

const cause = new SyntaxError('no');

const refusing = function () {
  throw cause;
} as unknown as WebSocketConstructor;

describe('openWebSocket, when the constructor throws,', () => {
  for (const [webSocketOptions, option] of [
    [undefined, 'webSocketImpl'],
    [{ headers: {} }, 'webSocketOptions'],
  ] as const)
    it(`blames ${option} with ${JSON.stringify(webSocketOptions)} as its options`, async () => {
      const socket$ = openSocket({ url, webSocketImpl: refusing, webSocketOptions });
      const message = `\`${option}\`: the WebSocket constructor refused its arguments (SyntaxError)`;
      const error = await failureOf(socket$, 'ConfigurationError');
      expect(error).to.include({ option, message, cause });
    });

  it('blames webSocketImpl that is no constructor', async () => {
    const webSocketImpl = (() => undefined) as unknown as WebSocketConstructor;
    const error = await failureOf(openSocket({ url, webSocketImpl }), 'ConfigurationError');
    expect(error).to.include({ option: 'webSocketImpl' });
  });

  it('tells the code alone of an error that quotes a header', async () => {
    const webSocketOptions = { headers: { authorization: 'secret\r\nx: y' } };
    const error = await failureOf(openSocket({ url, webSocketOptions }), 'ConfigurationError');
    const message =
      '`webSocketOptions`: the WebSocket constructor refused its arguments (ERR_INVALID_CHAR)';
    expect(error).to.include({ option: 'webSocketOptions', message });
    expect(error).not.to.have.property('cause');
  });

  it('says nothing of what is no error', async () => {
    const webSocketImpl = function () {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- the user's function throws it
      throw 'secret';
    } as unknown as WebSocketConstructor;
    const error = await failureOf(openSocket({ url, webSocketImpl }), 'ConfigurationError');
    expect(error.message).to.match(/refused its arguments$/);
  });

  describe('in a browser,', () => {
    const page = globalThis as { location?: object };
    const refusal = (name: string) => {
      // browsers quote the URL
      return new DOMException(`'${url}' is refused`, name);
    };
    const refuse = (name: string) =>
      function () {
        throw refusal(name);
      } as unknown as WebSocketConstructor;
    afterEach(() => restore());

    for (const name of ['SyntaxError', 'SecurityError', 'NotAllowedError'])
      it(`blames url for a ${name}, and shows none of it`, async () => {
        // the WebSocket of our own choice throws what it is thrown at
        stub(http, 'request').throws(refusal(name));
        const error = await failureOf(openSocket({ url }), 'ConfigurationError');
        const message = `\`url\`: the WebSocket constructor refused its arguments (${name})`;
        expect(error).to.include({ option: 'url', message });
        expect(error).not.to.have.property('cause');
      });

    it('says that the page may not use ws:', async () => {
      const webSocketImpl = refuse('SecurityError');
      const messageFor = async (dialled: string, href: string) => {
        page.location = new URL(href);
        try {
          const socket$ = openSocket({ url: dialled, webSocketImpl });
          const error = await failureOf(socket$, 'ConfigurationError');
          expect(error).not.to.have.property('cause');
          return error.message.replace(/^.*?\(/, '(');
        } finally {
          delete page.location;
        }
      };
      expect(await messageFor(url, 'https://example.org/')).to.equal(
        '(SecurityError) (mixed content: a page of https: needs wss:)',
      );
      expect(await messageFor('/graphql', 'https://example.org/')).to.equal('(SecurityError)');
      expect(await messageFor(url, 'http://example.org/')).to.equal('(SecurityError)');
    });
  });
});

describe('openWebSocket, when the constructor makes something else,', () => {
  for (const [missing, members] of [
    ['send', {}],
    ['close', { send: () => undefined }],
    ['close', { send: () => undefined, close: 'secret' }],
    ['send', { close: () => undefined }],
  ] as const)
    it(`says that ${missing} is missing of ${JSON.stringify(Object.keys(members))}`, async () => {
      const webSocketImpl = function () {
        return { ...members };
      } as unknown as WebSocketConstructor;
      const error = await failureOf(openSocket({ url, webSocketImpl }), 'ConfigurationError');
      const message = '`webSocketImpl`: its instances need `send` and `close`';
      expect(error).to.include({ option: 'webSocketImpl', message });
    });
});
