import type { HandshakeError } from '../errors.js';
import { printable } from '../errors.js';
import type { Codec, ServerMessage } from '../protocol/codec.js';
import type { Frame } from '../protocol/payload.js';
import type { PrepareOptions } from '../protocol/request.js';
import { Emitter } from '../rx/emitter.js';
import type { LiveSocket, SocketSession } from '../transport/socket.js';
import type { RequestFields } from '../types.js';
import type { LiveConnection, LossReason } from './connection.js';
import type { CulpritSearch } from './culprit-search.js';
import { Outbox } from './outbox.js';
import { Router } from './router.js';
import type { ServerExperience } from './server-experience.js';
import { markRefusal } from './server-experience.js';
import { showConnection } from './shown-connection.js';
import { followSocketPings } from './ws-abilities.js';

/** Types of messages that need no operation. A `complete` may cross ours, and answers the legacy `stop`. */
const expected = ['ping', 'pong', 'complete'];

/** The options and the state that the connections of one pipeline share. */
export interface ConnectionOptions extends Pick<PrepareOptions, 'print'> {
  readonly generateId: (request: RequestFields) => string;
  readonly search: CulpritSearch;
  readonly experience: ServerExperience;
}

/** A connection as the handshake holds it. */
export class OwnConnection {
  readonly #session: SocketSession;
  readonly #search: CulpritSearch;
  readonly #experience: ServerExperience;
  readonly router: Router;
  readonly messages = new Emitter<ServerMessage>();
  readonly theirPings = new Emitter<ServerMessage>();
  readonly heartbeats = new Emitter<undefined>();
  readonly losses = new Emitter<true>();
  readonly #pingSocket: (() => void) | undefined;
  readonly #usesPings: boolean;
  readonly #judgeUnknown: ReturnType<ServerExperience['judgeUnknown']>;
  readonly outbox: Outbox;
  /** The connection as others see it. */
  readonly shown: LiveConnection;
  received = 0;
  ackPayload: unknown;
  /** `connection_init` is sent, or about to be: an ack may come at once, and a codec may have no such message. */
  mayBeAcknowledged = false;
  isAcknowledged = false;
  #isSettled = false;
  #pongWithin = 10_000;
  /** Shows what came in place of an ack, as the end of a message. */
  unexpected = '';

  constructor(socket: LiveSocket, codec: Codec, options: ConnectionOptions) {
    const { experience, search, generateId, print } = options;
    this.#session = socket.session();
    this.#search = search;
    this.#experience = experience;
    this.outbox = new Outbox(socket, codec);
    this.router = new Router(this.outbox, generateId, search);
    this.#judgeUnknown = experience.judgeUnknown(codec.subprotocol);
    this.#usesPings = codec.canPing && experience.knowsPings;
    this.#pingSocket = followSocketPings(socket, this.#session.events, (type) => {
      this.#heard(type);
      this.received += 1;
      // a pong even for a ping, because `ws` has answered the ping
      this.messages.next({ type: 'pong' });
    });
    this.shown = showConnection(this, socket, codec, print);
  }

  /** The server has acknowledged the connection. */
  acknowledge(payload: unknown): void {
    this.ackPayload = payload;
    this.isAcknowledged = true;
    this.#session.acknowledged();
    this.router.begin();
    this.#session.events.next({ type: 'acknowledged', payload });
  }

  /** A message has come, and is not for the handshake. Returns an error if the server does not speak the subprotocol that it selected. */
  receive(message: ServerMessage, frame: Frame): HandshakeError | undefined {
    const { type } = message;
    this.received += 1;
    if (type === 'unknown') {
      const foreign = this.#receiveUnknown(String(frame));
      if (foreign) return foreign;
    } else this.#understand(message);
    if (this.messages.observed) this.messages.next(message);
    if ('id' in message && this.router.route(message)) return undefined;
    if (type === 'next') this.#session.events.next({ type: 'orphaned', id: message.id });
    else if (!expected.includes(type)) {
      this.#session.events.next({ type: 'unhandled', frame: String(frame) });
    }
    return undefined;
  }

  get pinger(): LiveConnection['ping'] {
    if (!this.#usesPings && !this.#pingSocket) return undefined;
    return (within) => {
      this.#ping(within === false ? Infinity : within);
    };
  }

  /** Tells the server that all operations end, and ends them. */
  leave(why: LossReason, disposed?: boolean): void {
    if (!this.outbox.lost) this.#search.end();
    this.router.stopAll();
    this.outbox.send({ type: 'terminate' });
    this.lose(why, true, disposed);
  }

  /** The connection is over. */
  lose(why: LossReason, left = false, disposed = false): void {
    // after close() in the midst of a loss, the operations that were not told yet are told of close()
    if (this.outbox.lost && !disposed) return;
    this.outbox.lost = true;
    if (this.outbox.isInitialised && !this.isAcknowledged) markRefusal(why(), this.unexpected);
    const mayBeRefusal = !left && this.#mayBeRefusal(why);
    this.losses.complete(true);
    this.router.lose(why, mayBeRefusal);
    this.messages.complete();
  }

  /** Whether the server may have closed over an operation, and not over the init or a ping. */
  #mayBeRefusal(why: LossReason) {
    const { unsent } = this.outbox;
    const isOverPing = this.#isOverPing(why);
    // a socket may stumble over an operation, and over nothing else
    return this.isAcknowledged && !isOverPing && (!unsent || unsent === 'subscribe');
  }

  #isOverPing(why: LossReason) {
    const { pings, pingedAt, unsent } = this.outbox;
    if (!this.#usesPings || pings === 0 || unsent) return false;
    const canPingOtherwise = this.#pingSocket !== undefined;
    return this.#experience.endedOverPing(why(), pingedAt, this.#pongWithin, canPingOtherwise);
  }

  #ping(within: number) {
    this.#pongWithin = within;
    if (this.#usesPings) this.outbox.send({ type: 'ping' });
    else {
      this.outbox.pings += 1;
      if (this.#pingSocket) this.outbox.use('ping', this.#pingSocket);
    }
  }

  #heard(type: string) {
    if (type === 'pong' && this.outbox.pings > 0) this.outbox.pings -= 1;
    else if (type === 'ping' || type === 'pong') this.heartbeats.next(undefined);
  }

  #understand(message: ServerMessage) {
    const { type } = message;
    if (this.isAcknowledged) this.#experience.understood();
    if (type === 'next') {
      if (!this.#isSettled) this.#session.settled();
      this.#isSettled = true;
      return;
    }
    this.#heard(type);
    if (type === 'pong' && this.shown.canPing) this.#experience.ponged();
    if (type === 'ping') this.theirPings.next(message);
  }

  #receiveUnknown(text: string) {
    if (this.isAcknowledged) return this.#judgeUnknown(text, () => this.router.isBusy());
    this.unexpected = `; the server sent ${printable(text)}`;
    return undefined;
  }
}
