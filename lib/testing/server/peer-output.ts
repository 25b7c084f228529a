import type { Duplex } from 'node:stream';
import { fromEvent, type Observable, ReplaySubject, takeUntil, tap, timer } from 'rxjs';
import type { WebSocket } from 'ws';
import type { LedgerWriter } from './ledger.js';
import type { Line } from './line.js';
import type { SocketFaults } from './server-faults.js';
import type { Frame } from './wire-message.js';

/** The parts that a server needs to send. */
export interface OutputParts {
  readonly socket: WebSocket;
  readonly stream: Duplex;
  readonly connection: number;
  readonly write: LedgerWriter['write'];
  /** Bytes that may wait for the client before the server closes with 1013; `false` for any number. */
  readonly maxBuffered: number | false;
}

interface Closer extends Pick<SocketFaults, 'close'> {
  readonly closing$: Observable<void>;
  readonly isClosing: () => boolean;
}

/** Sends frames and closes, through a line that may be cut. */
export function createOutput(parts: OutputParts, line: Line) {
  const closer = createCloser(parts, line);
  return { ...closer, send: createSender(parts, line, closer) };
}

/** How long a client may take to answer a close frame, in ms. */
const answerTimeout = 2_000;

function createCloser({ socket, connection, write }: OutputParts, { isDead, pass }: Line): Closer {
  const closing$ = new ReplaySubject<void>(1);
  let closing = false;
  const sendClose = (code?: number, reason?: string) => {
    // The client may have closed while the line was held.
    if (socket.readyState !== socket.OPEN) return;
    write({ type: 'closing', connection, code: code ?? 1005, reason: reason ?? '' });
    socket.close(code, reason);
    timer(answerTimeout)
      .pipe(
        tap(() => pass(() => socket.terminate())),
        takeUntil(fromEvent(socket, 'close')),
      )
      .subscribe();
  };
  return {
    closing$: closing$.asObservable(),
    isClosing: () => closing,
    close: (code?: number, reason?: string) => {
      if (closing || isDead()) return;
      closing = true;
      pass(() => sendClose(code, reason));
      closing$.next();
    },
  };
}

/**
 * Makes a function that sends frames while the socket is open, several in one TCP segment as far as they fit.
 * @param line - holds frames back while it is half-open
 * @param closer - closes a client that reads too slowly
 */
function createSender(
  { socket, stream, connection, write, maxBuffered }: OutputParts,
  { pass }: Line,
  { close, isClosing }: Closer,
): (frames: readonly Frame[]) => void {
  let held = 0;
  const put = (encoded: readonly (string | Uint8Array)[]) => {
    if (socket.readyState !== socket.OPEN) return;
    stream.cork();
    for (const data of encoded) {
      // An error of the socket shows in its close event.
      socket.send(data, () => undefined);
      write({ type: 'sent', connection, data });
    }
    stream.uncork();
  };
  return (frames) => {
    if (isClosing() || socket.readyState !== socket.OPEN) return;
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
      put(encoded);
    });
  };
}

function encode(frame: Frame): string | Uint8Array {
  return typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame);
}
