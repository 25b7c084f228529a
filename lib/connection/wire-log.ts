import { asyncScheduler } from 'rxjs';
import type { ClientMessage, ServerMessage } from '../protocol/codec.js';
import type { SocketOccurrence } from './status.js';

/** Where a connection tells what happens on the wire. */
export interface Tap {
  /** Nothing is made up for nobody. */
  readonly observed: boolean;
  next(event: SocketOccurrence): void;
}

export interface WireLog {
  (direction: 'sent', message: ClientMessage, text: string): void;
  (direction: 'received', message: ServerMessage, text: string): void;
}

/** Tells of messages; of pings and pongs once more, with the latency. */
export function createWireLog(tap: Tap): WireLog {
  let pingedAt: number | undefined;
  return (direction: 'sent' | 'received', message: ClientMessage | ServerMessage, text: string) => {
    if (!tap.observed) return;
    tap.next({ type: direction, message, text } as SocketOccurrence);
    const { type, payload } = message as { type: string; payload?: unknown };
    if (type === 'ping') {
      if (direction === 'sent') pingedAt = asyncScheduler.now();
      tap.next({ type, direction, payload });
    } else if (type === 'pong') {
      const answers = direction === 'received' && pingedAt !== undefined;
      const latency = answers ? asyncScheduler.now() - (pingedAt as number) : undefined;
      if (answers) pingedAt = undefined;
      tap.next({ type, direction, payload, latency });
    }
  };
}
