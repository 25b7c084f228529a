import { interval, take, takeUntil, tap } from 'rxjs';
import { currentDialect } from '../../lib/testing/server/dialects.js';
import type { ServedSocket } from '../../lib/testing/server/create-peer.js';
import { closeFrame, frame } from '../helpers/net/frame.js';

/** A socket below its messages. */
interface Line extends Pick<ServedSocket, 'stream'> {
  /** A harmless message in the protocol of the socket. */
  readonly message: string;
  readonly halfOpen: () => void;
  readonly stall: () => void;
  /** Ends the TCP connection with RST. */
  readonly reset: () => void;
  readonly write: (bytes: Uint8Array) => void;
}

/** Writes the first bytes of a frame, and the rest after `resume()`. */
const stallAfter =
  (bytes: number) =>
  (line: Line): void => {
    const whole = frame(line.message.padEnd(1_000));
    line.write(whole.subarray(0, bytes));
    line.halfOpen();
    line.write(whole.subarray(bytes));
  };

/** A message whose fragments are these texts. */
const fragments = (texts: readonly string[]) =>
  Buffer.concat(
    texts.map((text, at) =>
      frame(text, { opcode: at === 0 ? 1 : 0, fin: at === texts.length - 1 }),
    ),
  );

const writing =
  (bytes: Uint8Array) =>
  (line: Line): void =>
    line.write(bytes);

const ping = frame('ping', { opcode: 9 });

/** A reason of 123 bytes, the longest that is allowed. */
const escapes = '\u001b[2J\u001b]0;title\u0007\r\n\u202e'.padEnd(121, 'x');

const corruptions = {
  'huge-frame': writing(frame('{', { size: 2 ** 40 })),
  'one-byte-fragments': (line) => line.write(fragments(Array.from(line.message.padEnd(2_000)))),
  'empty-fragments': (line) => line.write(fragments(['', '', line.message, '', ''])),
  'too-many-fragments': (line) =>
    line.write(fragments(Array.from(line.message.padEnd(2 ** 17 + 1)))),
  'stall-in-header': stallAfter(2),
  'stall-in-payload': stallAfter(100),
  'reserved-bits': writing(frame('{}', { rsv: 2 })),
  compressed: writing(frame('{}', { rsv: 4 })),
  masked: writing(frame('{}', { mask: Buffer.alloc(4) })),
  'unknown-opcode': writing(frame('{}', { opcode: 11 })),
  'invalid-utf8': writing(frame(Uint8Array.of(0xc3, 0x28))),
  'not-a-frame': writing(Buffer.from('HTTP/1.1 500 Internal Server Error\r\n\r\n')),
  'control-ping': writing(ping),
  'control-ping-flood': writing(Buffer.concat(Array<Buffer>(10_000).fill(ping))),
  'close-1005': writing(closeFrame(1005)),
  'close-one-byte': writing(frame(Uint8Array.of(3), { opcode: 8 })),
  'close-invalid-utf8': writing(closeFrame(4999, Buffer.alloc(123, 0xff))),
  'close-escapes': writing(closeFrame(4999, escapes)),
  'close-no-fin': (line) => {
    line.write(closeFrame(1001));
    line.stall();
  },
  fin: (line) => line.stream.end(),
  reset: (line) => line.reset(),
} satisfies Record<string, (line: Line) => void>;

export const corruptionNames = Object.keys(corruptions) as readonly (keyof typeof corruptions)[];

/** A name; a frame of 1 MiB, a byte every so many ms; or a close frame with any code that fits into 16 bits. */
export type Corruption =
  | keyof typeof corruptions
  | { readonly drip: number }
  | { readonly close: number; readonly reason?: string };

/** @param reset - ends the TCP connection with RST */
export function corruptLine(
  corruption: Corruption,
  { peer, stream, line: { halfOpen, stall }, dialect = currentDialect }: ServedSocket,
  reset: () => void,
): void {
  const message = JSON.stringify(dialect.heartbeat('pong', undefined));
  const write = (bytes: Uint8Array) => void stream.write(bytes);
  if (typeof corruption === 'string')
    corruptions[corruption]({ stream, message, halfOpen, stall, reset, write });
  else if ('close' in corruption) write(closeFrame(corruption.close, corruption.reason));
  else {
    const whole = frame(message.padEnd(2 ** 20));
    stall();
    interval(corruption.drip)
      .pipe(
        take(whole.length),
        tap((at) => {
          stream.uncork();
          stream.write(whole.subarray(at, at + 1));
          stream.cork();
        }),
        takeUntil(peer.closed$),
      )
      .subscribe();
  }
}
