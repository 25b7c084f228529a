import type { Duplex } from 'node:stream';
import { asyncScheduler, ReplaySubject } from 'rxjs';
import type { WebSocket } from 'ws';
import type { LedgerWriter } from './ledger.js';
import type { Line } from './line.js';
import type { Frame } from './wire-message.js';

export interface OutputParts extends Pick<LedgerWriter, 'write'> {
  readonly socket: WebSocket;
  readonly stream: Duplex;
  readonly connection: number;
  /** Bytes that may wait for the client before the server closes with 1013; `false` for any number. */
  readonly maxBuffered: number | false;
}

/** How long a client may take to answer a close frame, in ms. */
const answerTimeout = 2_000;

/** Sends frames and closes, through a line that may be cut. */
export function createOutput(parts: OutputParts, { isDead, pass }: Line) {
  const { socket, maxBuffered } = parts;
  const closing$ = new ReplaySubject<void>(1);
  let closing = false;
  let held = 0;
  const close = (code?: number, reason?: string) => {
    if (closing || isDead()) return;
    closing = true;
    pass(() => beginClose(parts, pass, code, reason));
    closing$.next();
  };
  return {
    closing$: closing$.asObservable(),
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
      const encoded = frames.map(encode);
      const bytes = encoded.reduce((sum, data) => sum + Buffer.byteLength(data), 0);
      held += bytes;
      pass(() => {
        held -= bytes;
        put(parts, encoded);
      });
    },
  };
}

function isOpen(socket: WebSocket): boolean {
  return socket.readyState === socket.OPEN;
}

/** Sends a close frame, and drops a client that does not answer it in time. */
function beginClose(
  { socket, connection, write }: OutputParts,
  pass: Line['pass'],
  code?: number,
  reason?: string,
): void {
  // The client may have closed while the line was held.
  if (!isOpen(socket)) return;
  write({ type: 'closing', connection, code: code ?? 1005, reason: reason ?? '' });
  socket.close(code, reason);
  const drop = () => pass(() => socket.terminate());
  const dropping = asyncScheduler.schedule(drop, answerTimeout);
  socket.on('close', () => dropping.unsubscribe());
}

function put(
  { socket, stream, connection, write }: OutputParts,
  encoded: readonly (string | Uint8Array)[],
): void {
  if (!isOpen(socket)) return;
  stream.cork();
  for (const data of encoded) {
    // An error of the socket shows in its close event.
    socket.send(data, () => undefined);
    write({ type: 'sent', connection, data });
  }
  stream.uncork();
}

function encode(frame: Frame): string | Uint8Array {
  return typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame);
}
