/** The parts of a frame; those of a valid one by default. */
interface FrameOptions {
  readonly opcode?: number;
  /** Whether the frame is the last fragment of its message. */
  readonly fin?: boolean;
  /** The three reserved bits. */
  readonly rsv?: number;
  readonly mask?: Uint8Array;
  /** The size announced, in bytes. */
  readonly size?: number;
}

/** RFC 6455 section 5.2, by hand: so that several frames fit into one `write`, and wrong ones can be made. */
export function frame(
  payload: string | Uint8Array,
  { opcode = 1, fin = true, rsv = 0, mask, size }: FrameOptions = {},
): Buffer {
  const bytes = Buffer.from(payload as string);
  const head = Buffer.of((fin ? 0x80 : 0) | (rsv << 4) | opcode);
  const length = sizeBytes(size ?? bytes.length, mask ? 0x80 : 0);
  if (!mask) return Buffer.concat([head, length, bytes]);
  return Buffer.concat([head, length, mask, bytes.map((byte, at) => byte ^ mask[at % 4]!)]);
}

/** A message in a text frame. */
export function messageFrame(message: object): Buffer {
  return frame(JSON.stringify(message));
}

/** A close frame with any code and reason. */
export function closeFrame(code: number, reason: string | Uint8Array = ''): Buffer {
  const payload = [Buffer.of(code >> 8, code & 0xff), Buffer.from(reason as string)];
  return frame(Buffer.concat(payload), { opcode: 8 });
}

function sizeBytes(size: number, flag: number): Buffer {
  if (size < 126) return Buffer.of(flag | size);
  const bytes = Buffer.alloc(size < 2 ** 16 ? 3 : 9);
  bytes.writeUInt8(flag | (size < 2 ** 16 ? 126 : 127));
  if (size < 2 ** 16) bytes.writeUInt16BE(size, 1);
  else bytes.writeBigUInt64BE(BigInt(size), 1);
  return bytes;
}
