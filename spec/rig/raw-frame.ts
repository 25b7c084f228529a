/** The parts of a frame; default those of a valid one. */
interface RawFrameOptions {
  /** @defaultValue 1: text */
  readonly opcode?: number;
  /** Whether the frame is the last fragment of its message. @defaultValue true */
  readonly fin?: boolean;
  /** The three reserved bits. @defaultValue 0 */
  readonly rsv?: number;
  /** Whether the frame is masked, with a key of zeros. @defaultValue false */
  readonly masked?: boolean;
  /** The size announced, in bytes. @defaultValue that of the payload */
  readonly size?: number;
}

/** A WebSocket frame: RFC 6455, section 5.2. */
export function rawFrame(
  payload: string | Uint8Array,
  { opcode = 1, fin = true, rsv = 0, masked = false, size }: RawFrameOptions = {},
): Buffer {
  const bytes = Buffer.from(payload as string);
  return Buffer.concat([
    Buffer.of((fin ? 0x80 : 0) | (rsv << 4) | opcode),
    sizeBytes(size ?? bytes.length, masked ? 0x80 : 0),
    Buffer.alloc(masked ? 4 : 0),
    bytes,
  ]);
}

/** A close frame with any code and reason. */
export function closeFrame(code: number, reason: string | Uint8Array = ''): Buffer {
  return rawFrame(
    Buffer.concat([Buffer.of(code >> 8, code & 0xff), Buffer.from(reason as string)]),
    {
      opcode: 8,
    },
  );
}

function sizeBytes(size: number, flag: number): Buffer {
  if (size < 126) return Buffer.of(flag | size);
  const bytes = Buffer.alloc(size < 2 ** 16 ? 3 : 9);
  bytes.writeUInt8(flag | (size < 2 ** 16 ? 126 : 127));
  if (size < 2 ** 16) bytes.writeUInt16BE(size, 1);
  else bytes.writeBigUInt64BE(BigInt(size), 1);
  return bytes;
}
