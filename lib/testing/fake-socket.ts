import type { WebSocketConstructor } from 'rx-graphql-ws';
import { asyncScheduler } from 'rxjs';
import { callback, checkAllOf, flag } from './check.js';
import { createFakePeer, type FakePeer, type FakePeerControls } from './fake-peer.js';
import { FakeWebSocket } from './fake-web-socket.js';
import { readWsOptions } from './refusals.js';
import { parseSent, type SentMessage, wireNames } from './wire.js';

/** Options of `fakeSocket`. */
export interface FakeSocketOptions {
  /** Called with each socket when the client dials it, and cannot listen yet: schedule what you do here. @defaultValue none */
  readonly dialled?: ((peer: FakePeer) => void) | undefined;
  /** Called with each message of the client, after `sent` has it. @defaultValue none */
  readonly received?: ((message: SentMessage, peer: FakePeer) => void) | undefined;
  /** Whether the sockets have the further members of `ws`: `on`, `ping`, `terminate`, `pause`, `resume`. @defaultValue false */
  readonly ws?: boolean | undefined;
  /**
   * Whether the server answers the client's pings: those of the WebSocket protocol (`ws` only), and the `ping` of the current protocol. Use
   * `false` to test `pongTimeout`. @defaultValue true
   */
  readonly answerPings?: boolean | undefined;
}

/** A WebSocket constructor without a network. Its controls are those of the last dialled socket. */
export interface FakeSocket extends WebSocketConstructor, FakePeerControls {
  /** The server's end of every dialled socket, in order. */
  readonly peers: readonly FakePeer[];
  /** The server's end of the last dialled socket. */
  readonly peer: FakePeer;
  /** The client's messages on the last dialled socket. */
  readonly sent: readonly SentMessage[];
}

/**
 * Creates a fake WebSocket constructor. The test is the server, and nothing but the answers to pings happens by itself. `headers` and
 * `maxPayload` in the third argument of the constructor are obeyed as `ws` does. As with real sockets, the client hears of a
 * close or an error asynchronously, in rxjs' time: virtual time and fake timers control it.
 * @throws TypeError - an option is unknown or wrong
 * @throws Error - a control is used before the client has dialled
 * @example
 * ```ts
 * const fake = fakeSocket();
 * const socket = graphqlSocket({ url: 'ws://fake', webSocketImpl: fake });
 * socket.subscribe$('subscription { price }').subscribe(console.log);
 * fake.open();
 * fake.ack();
 * fake.next(1, { price: 7 });            // a result for the first operation
 * ```
 */
export function fakeSocket(options: FakeSocketOptions = {}): FakeSocket {
  const callbacks = { dialled: callback, received: callback };
  checkAllOf('fakeSocket', options, { ...callbacks, ws: flag, answerPings: flag });
  const { dialled, received, ws = false, answerPings = true } = options;
  const peers: FakePeer[] = [];
  const lastPeer = () => {
    const last = peers.at(-1);
    if (!last) throw new Error('nothing was dialled yet: subscribe to something first');
    return last;
  };
  // not an arrow function: `new` is used on it
  const dial = function (url: string, offered: readonly string[] = [], third?: unknown) {
    const frames: { at: number; text: string }[] = [];
    const maxPayload = readWsOptions(third);
    const onSend = (text: string) => {
      frames.push({ at: asyncScheduler.now(), text });
      const message = parseSent(text);
      received?.(message, peer);
      if (answerPings && message.type === wireNames(peer.subprotocol).ping) pong(peer, message);
    };
    const webSocket = new FakeWebSocket({ offered, maxPayload, ws, answerPings, onSend });
    const attempt = peers.length + 1;
    const peer = createFakePeer(webSocket, frames, { attempt, url, offered, options: third });
    peers.push(peer);
    dialled?.(peer);
    return webSocket.socket;
  };
  const delegates = controls.map((name) => {
    const value = (...values: unknown[]) =>
      (lastPeer()[name] as (...given: unknown[]) => void)(...values);
    return [name, { value }];
  });
  return Object.defineProperties(dial as unknown as FakeSocket, {
    ...(Object.fromEntries(delegates) as PropertyDescriptorMap),
    peers: { get: () => peers },
    peer: { get: lastPeer },
    sent: { get: () => lastPeer().sent },
  });
}

function pong(peer: FakePeer, { payload }: SentMessage): void {
  asyncScheduler.schedule(() => peer.send({ type: 'pong', payload }));
}

const controls = [
  ...(['open', 'ack', 'next', 'result', 'error', 'complete', 'ka', 'ping', 'send'] as const),
  ...(['close', 'drop', 'fail', 'ignoreClose', 'emit'] as const),
] satisfies readonly (keyof FakePeerControls)[];
