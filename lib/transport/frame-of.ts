import type { Frame } from '../long-frame.js';
import { isLongFrame } from '../long-frame.js';

/** The frame that a WebSocket gives; undefined if it is none. Some servers send text in binary frames. A BOM stays, and makes the frame malformed. */
export function frameOf(data: unknown): Frame | undefined {
  if (typeof data === 'string' || isLongFrame(data)) return data;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data as ArrayBuffer);
  } catch {
    return undefined;
  }
}
