import { asyncScheduler } from 'rxjs';
import type { Frame } from '../long-frame.js';
import type { ClientMessage, ServerMessage } from '../protocol/codec.js';
import type { SocketOccurrence } from './status.js';

/** Where a connection tells what happens on the wire. */
export interface Tap {
  /** Nothing is made up for nobody. */
  readonly observed: boolean;
  next(event: SocketOccurrence): void;
}

export interface WireLog {
  (direction: 'sent', message: ClientMessage, text?: string): void;
  (direction: 'received', message: ServerMessage, text?: Frame): void;
}

/** Tells of messages; of pings and pongs once more, with the latency. Those of the WebSocket itself have no text, and are no messages. */
export function createWireLog(tap: Tap): WireLog {
  let pingedAt: number | undefined;
  let isMessage = true;
  return (direction: 'sent' | 'received', message: ClientMessage | ServerMessage, text?: Frame) => {
    if (!tap.observed) return;
    if (text !== undefined) {
      tap.next({ type: direction, message, text: String(text) } as SocketOccurrence);
    }
    const { type, payload } = message as { type: string; payload?: unknown };
    if (type === 'ping') {
      if (direction === 'sent') {
        pingedAt = asyncScheduler.now();
        isMessage = text !== undefined;
      }
      tap.next({ type, direction, payload });
    } else if (type === 'pong') {
      // a legacy `ka` reads as a pong, and answers no ping of the WebSocket's
      const answers = direction === 'received' && isMessage === (text !== undefined);
      const since = answers ? pingedAt : undefined;
      if (answers) pingedAt = undefined;
      const latency = since === undefined ? undefined : asyncScheduler.now() - since;
      tap.next({ type, direction, payload, latency });
    }
  };
}
