import type { WebSocketConstructor } from 'rx-graphql-ws';
import { asyncScheduler } from 'rxjs';
import { checkNames } from './check-names.js';
import { createFakePeer } from './create-fake-peer.js';
import type { FakePeer, FakePeerControls } from './fake-peer.js';
import { createFakeWebSocket } from './fake-web-socket.js';
import { parseSent, type SentMessage } from './sent-message.js';

/** Options of `fakeSocket`. */
export interface FakeSocketOptions {
  /**
   * Called with each socket as it is dialled, before the client can listen: what is done here at once reaches nobody; schedule it.
   *
   * @defaultValue none: the test speaks
   */
  readonly dialled?: ((peer: FakePeer) => void) | undefined;
  /**
   * Called with each message that the client sends, after it was noted.
   *
   * @defaultValue none
   */
  readonly received?: ((message: SentMessage, peer: FakePeer) => void) | undefined;
  /**
   * Whether the sockets have what `ws` has besides a browser's WebSocket: `on`, `ping`, `terminate`, `pause`, `resume`.
   *
   * @defaultValue false
   */
  readonly ws?: boolean | undefined;
}

/** A WebSocket constructor without a network. Its controls are those of the socket dialled last. */
export interface FakeSocket extends WebSocketConstructor, FakePeerControls {
  /** The server's end of every socket dialled, in order. */
  readonly peers: readonly FakePeer[];
  /** The server's end of the socket dialled last. */
  readonly peer: FakePeer;
  /** What the client sent on the socket dialled last. */
  readonly sent: readonly SentMessage[];
}

/**
 * A fake WebSocket constructor: the test is the server, and says what happens when. Nothing happens by itself. As with real sockets
 * the client hears of a close or an error asynchronously (rxjs' time, so virtual time and fake timers are in charge of it).
 *
 * @throws TypeError - an option is unknown
 * @throws Error - a control is used before anything was dialled
 *
 * @example
 * ```ts
 * const fake = fakeSocket();
 * const socket = graphqlSocket({ url: 'ws://fake', webSocketImpl: fake });
 * const prices: unknown[] = [];
 * socket.subscribe$('subscription { price }').subscribe((data) => prices.push(data));
 * fake.open();
 * fake.ack();
 * fake.next(1, { price: 7 });            // a result for the first operation: prices is [{ price: 7 }]
 * fake.close(1012);                      // the client dials again
 * fake.sent;                             // [{ type: 'connection_init' }, { type: 'subscribe', id: '1', … }]
 * ```
 */
export function fakeSocket(options: FakeSocketOptions = {}): FakeSocket {
  checkNames('fakeSocket', options, optionNames);
  const { dialled, received, ws = false } = options;
  const peers: FakePeer[] = [];
  const peer = () => {
    const last = peers.at(-1);
    if (!last) throw new Error('nothing was dialled yet: subscribe to something first');
    return last;
  };
  // a function that is called with `new`, and may give back another object
  const dial = function (url: string, offered: readonly string[] = [], third?: unknown) {
    const frames: { at: number; text: string }[] = [];
    const webSocket = createFakeWebSocket((text) => {
      frames.push({ at: asyncScheduler.now(), text });
      received?.(parseSent(text), accepted);
    }, ws);
    const attempt = peers.length + 1;
    const accepted = createFakePeer({ webSocket, frames, attempt, url, offered, options: third });
    peers.push(accepted);
    dialled?.(accepted);
    return webSocket.socket;
  };
  const delegates = controls.map((name) => {
    const value = (...values: unknown[]) => {
      (peer()[name] as (...given: unknown[]) => void)(...values);
    };
    return [name, { value }];
  });
  return Object.defineProperties(dial as unknown as FakeSocket, {
    ...(Object.fromEntries(delegates) as PropertyDescriptorMap),
    peers: { get: () => peers },
    peer: { get: peer },
    sent: { get: () => peer().sent },
  });
}

const optionNames: readonly (keyof FakeSocketOptions)[] = ['dialled', 'received', 'ws'];

const controls: readonly (keyof FakePeerControls)[] = [
  'open',
  'ack',
  'next',
  'result',
  'error',
  'complete',
  'ka',
  'ping',
  'send',
  'close',
  'drop',
  'fail',
  'ignoreClose',
  'emit',
];
