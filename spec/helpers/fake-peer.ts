import type { Observable } from 'rxjs';
import { isObservable, timer } from 'rxjs';
import type { WebSocketConstructor } from '../../lib/transport/web-socket-like.js';
import type { Json } from './fake-web-socket.js';
import { FakeWebSocket, FakeWs } from './fake-web-socket.js';

/** What the peer does to one socket, by its methods: `open`, `receive`, `end`, `fail`. */
export type Move = (socket: FakeWebSocket) => void;
/** What the peer does to one attempt, from its dial on: moves in time (`cold('-o-a', { o: opens(), … })`), or one at once. */
export type Script = Observable<Move> | Move;

/** A fake server, as the constructor that dials it. Attempt n follows script n; those after the last script repeat it. */
export function fakePeer(...scripts: readonly Script[]) {
  return peerOf(FakeWebSocket, scripts);
}

/** The same, dialled with what `ws` has: `terminate`, `ping`, and the events of the upgrade. */
export function fakeWsPeer(...scripts: readonly Script[]) {
  return peerOf(FakeWs, scripts);
}

function peerOf<T extends FakeWebSocket>(
  Base: new (url: string, offered?: readonly string[], options?: unknown) => T,
  scripts: readonly Script[],
) {
  const sockets: T[] = [];
  return {
    sockets,
    /** Sockets that are not closed yet. */
    live: () => sockets.filter(({ readyState }) => readyState !== 3),
    /** What the client sent, over all sockets. */
    messages: () => sockets.flatMap(({ messages }) => messages),
    WebSocket: function (url: string, offered?: readonly string[], options?: unknown) {
      const socket = new Base(url, offered, options);
      sockets.push(socket);
      play(scripts[Math.min(sockets.length, scripts.length) - 1], socket);
      return socket;
    } as unknown as WebSocketConstructor,
  };
}

function play(script: Script | undefined, socket: FakeWebSocket): void {
  if (isObservable(script)) script.subscribe((move) => move(socket));
  else script?.(socket);
}

export const opens =
  (subprotocol?: string): Move =>
  (socket) =>
    socket.open(subprotocol);
export const says =
  (...frames: (string | object)[]): Move =>
  (socket) =>
    socket.receive(...frames);
export const ends =
  (code?: number, reason?: string, wasClean?: boolean): Move =>
  (socket) =>
    socket.end(code, reason, wasClean);
export const fails =
  (error?: unknown): Move =>
  (socket) =>
    socket.fail(error);

/** Opens 1 ms after the dial and acknowledges 1 ms after the init; `then` is played from the ack on. */
export const accepts =
  (subprotocol?: string, then?: Script, ack: object = { type: 'connection_ack' }): Move =>
  (socket) => {
    answering({ connection_init: () => ack })(socket);
    timer(1).subscribe(() => {
      socket.open(subprotocol);
      timer(1).subscribe(() => play(then, socket));
    });
  };

/** Answers messages 1 ms later, by their type; other types as before. */
export const answering =
  (replies: Readonly<Record<string, (message: Json) => string | object | undefined>>): Move =>
  (socket) => {
    const before = socket.onsend;
    socket.onsend = (message) => {
      const reply = replies[String(message.type)];
      if (!reply) before?.(message);
      const answer = reply?.(message);
      if (answer !== undefined) timer(1).subscribe(() => socket.receive(answer));
    };
  };

/** Opens 1 ms after the dial, and says nothing. */
export const opensOnly: Move = (socket) => void timer(1).subscribe(() => socket.open());

/** Fails 1 ms after the dial. */
export const refuses: Move = (socket) => void timer(1).subscribe(() => socket.fail());
