import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Closer } from './create-closer.js';
import type { Line } from './faults/create-line.js';
import type { LedgerWriter } from './ledger.js';
import type { Frame } from './wire-message.js';

/** What it takes to send. */
export interface SenderParts {
  readonly socket: WebSocket;
  readonly stream: Duplex;
  readonly connection: number;
  readonly write: LedgerWriter['write'];
  /** Bytes that may wait for the client before it is closed with 1013; `false` = any number. */
  readonly maxBuffered: number | false;
}

/**
 * A function that sends frames on one socket while it is open, several in one TCP segment as far as they fit.
 *
 * @param parts - the socket, and its line in the ledger
 * @param line - what they go through, or wait behind
 * @param closer - closes a slow client, after which nothing is sent
 */
export function sendFrames(
  { socket, stream, connection, write, maxBuffered }: SenderParts,
  { pass }: Pick<Line, 'pass'>,
  { close, isClosing }: Pick<Closer, 'close' | 'isClosing'>,
): (frames: readonly Frame[]) => void {
  let held = 0;
  const put = (encoded: readonly (string | Uint8Array)[]) => {
    if (socket.readyState !== socket.OPEN) return;
    stream.cork();
    for (const data of encoded) {
      socket.send(data, ignore);
      write({ type: 'sent', connection, data });
    }
    stream.uncork();
  };
  return (frames) => {
    if (isClosing() || socket.readyState !== socket.OPEN) return;
    // Measured before and not after: a large frame alone is no sign of a slow client.
    if (maxBuffered !== false && socket.bufferedAmount + held > maxBuffered) {
      close(1013, 'client is not consuming messages fast enough');
      return;
    }
    // All are encoded first: what throws must not leave the stream corked, nor wait for the network to heal.
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

function ignore(): void {
  // Nothing is lost: the close event follows.
}
