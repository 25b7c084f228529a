/** RFC 6455 section 5.2, by hand: so that several frames fit into one `write`, and wrong ones can be made. */
export function frame(
  payload: string | Uint8Array,
  { opcode = 1, rsv = 0, mask }: { opcode?: number; rsv?: number; mask?: Uint8Array } = {},
): Buffer {
  const bytes = Buffer.from(payload as string);
  const head = [0x80 | (rsv << 4) | opcode];
  const masked = mask ? 0x80 : 0;
  if (bytes.length < 126) head.push(masked | bytes.length);
  else if (bytes.length < 65536) head.push(masked | 126, bytes.length >> 8, bytes.length & 255);
  else head.push(masked | 127, ...bigEndian(bytes.length));
  if (!mask) return Buffer.concat([Buffer.from(head), bytes]);
  return Buffer.concat([Buffer.from(head), mask, bytes.map((byte, at) => byte ^ mask[at % 4]!)]);
}

/** A message in a text frame. */
export function messageFrame(message: object): Buffer {
  return frame(JSON.stringify(message));
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
