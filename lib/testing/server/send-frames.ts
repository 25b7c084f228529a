import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
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
 */
export function sendFrames({
  socket,
  stream,
  connection,
  write,
  maxBuffered,
}: SenderParts): (frames: readonly Frame[]) => void {
  return (frames) => {
    if (socket.readyState !== socket.OPEN) return;
    // Measured before and not after: a large frame alone is no sign of a slow client.
    if (maxBuffered !== false && socket.bufferedAmount > maxBuffered) {
      socket.close(1013, 'client is not consuming messages fast enough');
      return;
    }
    // All are encoded first: what throws must not leave the stream corked.
    const encoded = frames.map(encode);
    stream.cork();
    for (const data of encoded) {
      socket.send(data, ignore);
      write({ type: 'sent', connection, data });
    }
    stream.uncork();
  };
}

function encode(frame: Frame): string | Uint8Array {
  return typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame);
}

function ignore(): void {
  // Nothing is lost: the close event follows.
}
