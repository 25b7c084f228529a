import { asyncScheduler } from 'rxjs';
import type { ClientMessage, Codec, ServerMessage } from '../../protocol/codec.js';
import type { Frame } from '../../protocol/payload.js';
import type { Deliveries } from '../../rx/emitter.js';
import { createEmitter } from '../../rx/emitter.js';
import type { EventSink, SocketEvent, SocketOccurrence } from '../../transport/events.js';

/** The events of one socket object, over all its sockets. */
export type EventLog = ReturnType<typeof createEventLog>;

export function createEventLog(deliveries: Deliveries) {
  const events = createEmitter<SocketEvent>(deliveries);
  const sockets = new Set<number>();
  let dialled = 0;
  let onReleased: (() => void) | undefined;

  const completeWhenReleased = () => {
    if (!onReleased || sockets.size > 0) return;
    onReleased();
    events.complete();
  };
  return {
    events$: events.stream$,
    /** The events of one socket, from its dial to its end. */
    watch(): EventSink {
      const connection = (dialled += 1);
      let over = false;
      return {
        get observed() {
          return events.observed;
        },
        next(event) {
          if (over) return;
          if (event.type === 'opened') sockets.add(connection);
          over = event.type === 'closed';
          if (events.observed) events.next({ ...event, at: asyncScheduler.now(), connection });
        },
        complete() {
          sockets.delete(connection);
          completeWhenReleased();
        },
      };
    },
    /** Calls back when the last socket is gone, at once if there is none; then the events complete. */
    complete(released: () => void) {
      onReleased = released;
      completeWhenReleased();
    },
  };
}

/** Tells of the messages of one connection. */
export interface MessageLog {
  (direction: 'sent', message: ClientMessage, text?: string): void;
  (direction: 'received', message: ServerMessage, text?: Frame): void;
}

/** Pings and pongs are told once more, with the latency. Those of the WebSocket protocol have no text, and are no messages. */
export function createMessageLog(events: EventSink): MessageLog {
  let pingedAt: number | undefined;
  return (direction: 'sent' | 'received', message: ClientMessage | ServerMessage, text?: Frame) => {
    if (!events.observed) return;
    if (text !== undefined) {
      events.next({ type: direction, message, text: String(text) } as SocketOccurrence);
    }
    const { type, payload } = message as { type: string; payload?: unknown };
    const isSent = direction === 'sent';
    const now = asyncScheduler.now();
    if (type === 'ping') {
      if (isSent) pingedAt = now;
      events.next({ type, direction, payload });
    } else if (type === 'pong') {
      const latency = isSent || pingedAt === undefined ? undefined : now - pingedAt;
      if (!isSent) pingedAt = undefined;
      events.next({ type, direction, payload, latency });
    }
  };
}

const redacted = '[redacted]';

/**
 * The message, and the frame, as they may be shown. The payload of an init holds the user's credentials, and so may `extensions` (AppSync's
 * `authorization`). The hash of a persisted query tells operations without text apart, and is no secret.
 */
export function redact(
  message: ClientMessage,
  frame: string,
  codec: Codec,
): [message: ClientMessage, text: string] {
  const { type, payload } = message as { type: string; payload?: object };
  const { extensions } = Object(payload) as { extensions?: object };
  const isInit = type === 'init';
  if (isInit ? !payload : type !== 'subscribe' || !extensions) return [message, frame];
  const names = Object.entries(extensions ?? {}).map(([name, value]) => [
    name,
    name === 'persistedQuery' ? (value as unknown) : redacted,
  ]);
  const shown = {
    ...message,
    payload: isInit ? redacted : { ...payload, extensions: Object.fromEntries(names) as object },
  } as ClientMessage;
  try {
    return [shown, codec.encode(shown)];
  } catch {
    // a user's codec may read the part that is hidden
    return [shown, redacted];
  }
}
