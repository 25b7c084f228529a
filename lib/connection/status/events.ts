import { asyncScheduler } from 'rxjs';
import type { ClientMessage, Codec, ServerMessage } from '../../protocol/codec.js';
import type { Frame } from '../../protocol/payload.js';
import type { Deliveries } from '../../rx/emitter.js';
import { Emitter } from '../../rx/emitter.js';
import type { EventSink, SocketEvent, SocketOccurrence } from '../../transport/events.js';

/** The events of one socket object, over all its sockets. */
export type EventLog = ReturnType<typeof createEventLog>;

export function createEventLog(deliveries: Deliveries) {
  const events = new Emitter<SocketEvent>(deliveries);
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
  /** ms since our ping, which is answered now. */
  const latencyAt = (now: number) => {
    const latency = pingedAt === undefined ? undefined : now - pingedAt;
    pingedAt = undefined;
    return latency;
  };
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
      events.next({ type, direction, payload, latency: isSent ? undefined : latencyAt(now) });
    }
  };
}

const redacted = '[redacted]';

/** Fields of a request that are shown. Others are the server's own, and may be credentials. */
const shownFields = /^(?:query|variables|operationName)$/;

function hide(fields: object, shown: RegExp): object {
  const entries = Object.entries(fields).map(([name, value]: [string, unknown]) => [
    name,
    shown.test(name) ? value : redacted,
  ]);
  return Object.fromEntries(entries) as object;
}

/**
 * The message, and the frame, as they may be shown. The payload of an init holds the user's credentials, and so may `extensions` (AppSync's
 * `authorization`) and further fields.
 */
export function redact(
  message: ClientMessage,
  frame: string,
  codec: Codec,
): [message: ClientMessage, text: string] {
  const { type, payload } = message as { type: string; payload?: object };
  const request = Object(payload) as { extensions?: object };
  const isInit = type === 'init';
  const isPlain = Object.keys(request).every((name) => shownFields.test(name));
  if (isInit ? !payload : type !== 'subscribe' || isPlain) return [message, frame];
  const { extensions } = request;
  const fields = {
    ...hide(request, shownFields),
    ...(extensions && { extensions: hide(extensions, /^persistedQuery$/) }),
  };
  const shown = { ...message, payload: isInit ? redacted : fields } as ClientMessage;
  try {
    return [shown, codec.encode(shown)];
  } catch {
    // a user's codec may read the part that is hidden
    return [shown, redacted];
  }
}
