import { asyncScheduler } from 'rxjs';
import type { ClientMessage, Codec, ServerMessage } from '../protocol/codec.js';
import type { SocketOccurrence } from './status.js';

/** Where a connection tells what happens on the wire. */
export interface Tap {
  /** Whether anybody listens: else nothing is built for it. */
  readonly listening: () => boolean;
  emit(event: SocketOccurrence): void;
}

export const deafTap: Tap = { listening: () => false, emit: () => undefined };

/** The payload of an init is the user's credentials. */
export function tellSent(tap: Tap, codec: Codec, message: ClientMessage, frame: string): void {
  if (message.type === 'init' && message.payload !== undefined) {
    const redacted = { ...message, payload: '[redacted]' };
    tap.emit({ type: 'sent', message: redacted, text: codec.encode(redacted) });
    return;
  }
  tap.emit({ type: 'sent', message, text: frame });
  if (message.type === 'ping') {
    tap.emit({ type: 'ping', direction: 'sent', payload: message.payload });
  } else if (message.type === 'pong') {
    tap.emit({ type: 'pong', direction: 'sent', payload: message.payload, latency: undefined });
  }
}

export function tellLiveness(
  tap: Tap,
  type: 'ping' | 'pong',
  payload: unknown,
  pingedAt: number | undefined,
): void {
  if (type === 'ping') {
    tap.emit({ type, direction: 'received', payload });
    return;
  }
  const latency = pingedAt === undefined ? undefined : asyncScheduler.now() - pingedAt;
  tap.emit({ type, direction: 'received', payload, latency });
}

/** A message that means nothing here. `complete` is no news: it may cross ours, and answers the legacy `stop`. */
export function tellStray(tap: Tap, message: ServerMessage, frame: string): void {
  if (message.type === 'next') tap.emit({ type: 'orphaned', id: message.id });
  else if (message.type !== 'complete') tap.emit({ type: 'unhandled', frame });
}
