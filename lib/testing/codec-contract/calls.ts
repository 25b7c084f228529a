import type { ClientMessage } from 'rx-graphql-ws';
import { shown } from './shown.js';

/** What was called, for the message of a failure. */
export function encoding(message: ClientMessage): string {
  return `encode(${shown(message)})`;
}

/** What was called, for the message of a failure. */
export function decoding(frame: string): string {
  return `decode(${shown(frame)})`;
}
