import { interval, take, takeUntil, tap, type Observable } from 'rxjs';
import { duration, must } from '../check.js';
import { expectReason } from '../expect-close.js';
import { expectMembers } from './expect-members.js';
import { expectName } from './expect-name.js';
import { closeFrame, rawFrame } from './raw-frame.js';

/** A socket below its messages. */
export interface RawLine {
  /** A message that means nothing to an operation, in the protocol of the socket. */
  readonly message: string;
  /** Emits when the socket has closed. */
  readonly closed$: Observable<unknown>;
  /** Writes bytes as they are. */
  write(bytes: Uint8Array): void;
  /** Writes bytes on a line that is stalled. */
  force(bytes: Uint8Array): void;
  /** Ends our side of the TCP connection with FIN. */
  end(): void;
  /** Ends the TCP connection with RST. */
  reset(): void;
  halfOpen(): void;
  stall(): void;
}

/** Writes the first bytes of a frame, the rest once the network has healed. */
const stallAfter =
  (bytes: number) =>
  (line: RawLine): void => {
    const frame = rawFrame(line.message.padEnd(1_000));
    line.write(frame.subarray(0, bytes));
    line.halfOpen();
    line.write(frame.subarray(bytes));
  };

/** A message in fragments of this text each, so many of them. */
const fragments = (texts: readonly string[]) =>
  Buffer.concat(
    texts.map((text, at) =>
      rawFrame(text, { opcode: at === 0 ? 1 : 0, fin: at === texts.length - 1 }),
    ),
  );

const writing =
  (bytes: Uint8Array) =>
  (line: RawLine): void => {
    line.write(bytes);
  };

const ping = rawFrame('ping', { opcode: 9 });

/** 123 bytes, the most that a reason may have. */
const escapes = '\u001b[2J\u001b]0;title\u0007\r\n\u202e'.padEnd(121, 'x');

const corruptions = {
  'huge-frame': writing(rawFrame('{', { size: 2 ** 40 })),
  'one-byte-fragments': (line) => {
    line.write(fragments(Array.from(line.message.padEnd(2_000))));
  },
  'empty-fragments': (line) => {
    line.write(fragments(['', '', line.message, '', '']));
  },
  'too-many-fragments': (line) => {
    line.write(fragments(Array.from(line.message.padEnd(2 ** 17 + 1))));
  },
  'stall-in-header': stallAfter(2),
  'stall-in-payload': stallAfter(100),
  'reserved-bits': writing(rawFrame('{}', { rsv: 2 })),
  compressed: writing(rawFrame('{}', { rsv: 4 })),
  masked: writing(rawFrame('{}', { masked: true })),
  'unknown-opcode': writing(rawFrame('{}', { opcode: 11 })),
  'invalid-utf8': writing(rawFrame(Uint8Array.of(0xc3, 0x28))),
  'not-a-frame': writing(Buffer.from('HTTP/1.1 500 Internal Server Error\r\n\r\n')),
  'control-ping': writing(ping),
  'control-ping-flood': writing(Buffer.concat(Array<Buffer>(10_000).fill(ping))),
  'close-1005': writing(closeFrame(1005)),
  'close-one-byte': writing(rawFrame(Uint8Array.of(3), { opcode: 8 })),
  'close-invalid-utf8': writing(closeFrame(4999, Buffer.alloc(123, 0xff))),
  'close-escapes': writing(closeFrame(4999, escapes)),
  'close-no-fin': (line) => {
    line.write(closeFrame(1001));
    line.stall();
  },
  fin: (line) => {
    line.end();
  },
  reset: (line) => {
    line.reset();
  },
} satisfies Record<string, (line: RawLine) => void>;

/** The corruptions that have a name. */
export const corruptionNames = Object.keys(corruptions) as readonly (keyof typeof corruptions)[];

/**
 * How a connection is corrupted:
 *
 * - one of {@link corruptionNames}
 * - `{ drip }`: a frame of 1 MiB, one byte every so many ms, and nothing else any more
 * - `{ close, reason }`: a close frame with any code that fits into 16 bits, be it one that must not be on the wire
 */
export type Corruption =
  | keyof typeof corruptions
  | { readonly drip: number }
  | { readonly close: number; readonly reason?: string };

/** Writes it. */
export function corruptLine(corruption: Corruption, line: RawLine): void {
  if (typeof corruption === 'string') corruptions[corruption](line);
  else if ('close' in corruption) line.write(closeFrame(corruption.close, corruption.reason));
  else drip(corruption.drip, line);
}

const members = {
  drip: duration,
  close: must(
    'an integer from 0 to 65535',
    (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 16,
  ),
  reason: expectReason,
};

/** @throws TypeError when there is no such corruption */
export function expectCorruption(corruption: Corruption): void {
  if (typeof corruption === 'string') expectName('corruption', corruption, corruptionNames);
  else expectMembers('corruption', corruption, members, 'corruptionNames', ['drip', 'close']);
}

function drip(everyMs: number, { message, force, stall, closed$ }: RawLine): void {
  const frame = rawFrame(message.padEnd(2 ** 20));
  stall();
  interval(everyMs)
    .pipe(
      take(frame.length),
      tap((at) => {
        force(frame.subarray(at, at + 1));
      }),
      takeUntil(closed$),
    )
    .subscribe();
}
