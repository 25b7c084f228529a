import { asyncScheduler, noop } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { ConnectionClosedError } from '../errors.js';
import type { ClientMessage, Codec } from '../protocol/codec.js';
import type { EventSink } from '../transport/events.js';
import type { LiveSocket } from '../transport/socket.js';
import type { MessageLog } from './status/events.js';
import { createMessageLog, redact } from './status/events.js';

/** Sends the messages of one connection, and knows what was sent. */
export class Outbox {
  readonly #socket: LiveSocket;
  readonly #codec: Codec;
  readonly events: EventSink;
  readonly log: MessageLog;
  /** The connection is over. */
  lost = false;
  /** The `connection_init` was sent. */
  isInitialised = false;
  /** The type of the message over which the socket threw. */
  unsent: ClientMessage['type'] | undefined;
  /** Our pings that were not answered yet. */
  pings = 0;
  pingedAt = 0;
  /** Is told that the socket cannot send. */
  failed: (error: GraphQLSocketError) => void = noop;

  constructor(socket: LiveSocket, codec: Codec) {
    this.#socket = socket;
    this.#codec = codec;
    this.events = socket.session().events;
    this.log = createMessageLog(this.events);
  }

  isOver(): boolean {
    return this.lost || this.#socket.isClosing();
  }

  /** Sends a message, and returns the length of its frame. `payload` is its JSON, where that must not be made anew. */
  send(message: ClientMessage, payload?: string): number {
    const frame = this.#encode(message, payload);
    const { length } = frame;
    if (!length || this.isOver()) return length;
    if (this.events.observed) this.log('sent', ...redact(message, frame, this.#codec));
    // a listener may have closed it
    if (this.isOver()) return length;
    if (message.type === 'ping') {
      this.pings += 1;
      this.pingedAt = asyncScheduler.now();
    }
    if (message.type === 'init') this.isInitialised = true;
    this.use(message.type, () => {
      this.#socket.send(frame);
    });
    return length;
  }

  /** Lets the socket send a message of this type. One that throws is lost. */
  use(type: ClientMessage['type'], work: () => void): void {
    try {
      work();
    } catch (cause) {
      this.unsent = type;
      this.failed(new ConnectionClosedError(1006, '', false, { cause }));
    }
  }

  #encode(message: ClientMessage, payload: string | undefined) {
    if (payload === undefined) return this.#codec.encode(message);
    const { type, id } = message as { type: 'complete'; id: string };
    return `${this.#codec.encode({ type, id }).slice(0, -1)},"payload":${payload}}`;
  }
}
