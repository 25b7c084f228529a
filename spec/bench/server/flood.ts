import type { Duplex } from 'node:stream';
import { drained } from '../../helpers/net/drained.js';
import type { FrameLoop } from './frame-loop.js';

/** Bytes of one write. */
const block = 256 * 1_024;

/** Writes frames as fast as the client reads, and no faster: `total` of them, or until it leaves. */
export async function flood(stream: Duplex, loop: FrameLoop, total: number): Promise<void> {
  const { bytes, offsets } = loop;
  const count = offsets.length - 1;
  const atOnce = Math.max(1, Math.round((block * count) / bytes.length));
  let sent = 0;
  while (sent < total && stream.writable) {
    const from = sent % count;
    const to = Math.min(from + atOnce, count, from + total - sent);
    sent += to - from;
    if (!stream.write(bytes.subarray(offsets[from], offsets[to]))) await drained(stream);
  }
}
