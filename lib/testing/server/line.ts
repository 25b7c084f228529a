import type { Duplex } from 'node:stream';
import { asyncScheduler, ReplaySubject, Subscription } from 'rxjs';
import type { WebSocket } from 'ws';
import { isText } from '../check.js';
import type { Frame, Peer, SocketFaults } from './api/peer.js';
import type { Core } from './core.js';
import type { Dialect } from './dialects.js';

/** The line between a WebSocket and the server. Faults cut it. */
export interface Line extends Pick<SocketFaults, 'stall' | 'halfOpen' | 'silence' | 'resume'> {
  /** Whether the line is stalled or closed: not even the answer to a ping goes out. */
  isDead(): boolean;
  /** Whether messages go out, at once or after the line has healed. A silent line lets only the answers to pings out. */
  speaks(): boolean;
  /** Acts now, after the line has healed, or never. */
  pass(action: () => void): void;
}

export function createLine(socket: WebSocket, stream: Duplex): Line {
  const valve = createValve(socket, stream);
  const waiting: (() => void)[] = [];
  let state: 'live' | 'held' | 'silent' | 'dead' = 'live';
  let healing = Subscription.EMPTY;
  const pass = (action: () => void) => {
    if (state === 'held') waiting.push(action);
    else if (state !== 'dead') action();
  };
  const enter = (next: typeof state) => {
    healing.unsubscribe();
    if (state !== 'dead') state = next;
    if (next !== 'held') for (const action of waiting.splice(0)) pass(action);
  };
  const resume = () => {
    enter('live');
    // One of the actions that waited may have cut the line again.
    if (state === 'live') valve.open();
  };
  const cut = (next: 'held' | 'silent', forMs: number | undefined) => {
    if (state === 'dead') return;
    if (next === 'held') valve.shut();
    else resume();
    enter(next);
    if (forMs !== undefined) healing = asyncScheduler.schedule(resume, forMs);
  };
  socket.on('close', () => enter('dead'));
  return {
    isDead: () => state === 'dead',
    speaks: () => state === 'live' || state === 'held',
    pass,
    resume,
    halfOpen: (forMs) => cut('held', forMs),
    silence: (forMs) => cut('silent', forMs),
    stall: () => {
      enter('dead');
      valve.shut();
    },
  };
}

/** Node's handle below a stream that reads. It is not documented. */
interface Reader {
  readonly _handle?: { reading: boolean; readStop(): unknown } | null;
  _read(size: number): void;
}

/** Makes a valve that, when shut, holds back all bytes in both directions, FIN and RST too. */
function createValve(socket: WebSocket, stream: Duplex) {
  const reader = stream as unknown as Reader;
  let isShut = false;
  return {
    shut: () => {
      if (isShut) return;
      isShut = true;
      stream.cork();
      socket.pause();
      // A paused stream still reads ahead and still sees FIN and RST; without this it would make the handle read again.
      reader._read = () => undefined;
      if (!reader._handle) return;
      reader._handle.reading = false;
      reader._handle.readStop();
    },
    open: () => {
      if (!isShut) return;
      isShut = false;
      stream.uncork();
      Reflect.deleteProperty(stream, '_read');
      reader._read(0);
      socket.resume();
    },
  };
}

/** A WebSocket that has opened. */
export interface OpenSocket extends Pick<Peer, 'url' | 'headers' | 'connection'> {
  readonly socket: WebSocket;
  /** The TCP or TLS stream below the socket. */
  readonly stream: Duplex;
  /** The protocol of the socket; `undefined` if neither was selected and there is no `fallback`. */
  readonly dialect: Dialect | undefined;
  readonly core: Core;
}

/** How long a client may take to answer a close frame, in ms. */
const answerTimeout = 2_000;

/** Sends frames and closes, through a line that may be cut. */
export function createOutput(opened: OpenSocket, { isDead, pass }: Line) {
  const { socket, core } = opened;
  const { maxBuffered } = core.options;
  const closing$ = new ReplaySubject<void>(1);
  let closing = false;
  let held = 0;
  const close = (code?: number, reason?: string) => {
    if (closing || isDead()) return;
    closing = true;
    pass(() => beginClose(opened, pass, code, reason));
    closing$.next();
  };
  return {
    closing$,
    isClosing: () => closing,
    close,
    /** Sends frames while the socket is open, several in one TCP segment as far as they fit. */
    send: (frames: readonly Frame[]) => {
      if (closing || !isOpen(socket)) return;
      // The new frames do not count, because one large frame does not mean that the client is slow.
      if (maxBuffered !== false && socket.bufferedAmount + held > maxBuffered) {
        close(1013, 'client is not consuming messages fast enough');
        return;
      }
      // All frames are encoded first, because an exception must not leave the stream corked.
      const encoded = frames.map((frame) =>
        isText(frame) || frame instanceof Uint8Array ? frame : JSON.stringify(frame),
      );
      const bytes = encoded.reduce((sum, data) => sum + Buffer.byteLength(data), 0);
      held += bytes;
      pass(() => {
        held -= bytes;
        put(opened, encoded);
      });
    },
  };
}

export function isOpen(socket: WebSocket): boolean {
  return socket.readyState === socket.OPEN;
}

/** Sends a close frame, and drops a client that does not answer it in time. */
function beginClose(
  { socket, connection, core }: OpenSocket,
  pass: Line['pass'],
  code?: number,
  reason?: string,
): void {
  // The client may have closed while the line was held.
  if (!isOpen(socket)) return;
  core.write({ type: 'closing', connection, code: code ?? 1005, reason: reason ?? '' });
  socket.close(code, reason);
  const drop = () => pass(() => socket.terminate());
  const dropping = asyncScheduler.schedule(drop, answerTimeout);
  socket.on('close', () => dropping.unsubscribe());
}

function put(
  { socket, stream, connection, core }: OpenSocket,
  encoded: readonly (string | Uint8Array)[],
): void {
  if (!isOpen(socket)) return;
  stream.cork();
  for (const data of encoded) {
    // An error of the socket shows in its close event.
    socket.send(data, () => undefined);
    const binary = typeof data !== 'string';
    const frame = binary ? Buffer.from(data).toString('base64') : data;
    core.write({ type: 'sent', connection, frame, binary });
  }
  stream.uncork();
}
