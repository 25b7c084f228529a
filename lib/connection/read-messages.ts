import type { Subscriber } from 'rxjs';
import { Subscription } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import {
  ConfigurationError,
  ConnectionClosedError,
  HandshakeError,
  inMs,
  isGraphQLSocketError,
  printable,
  ProtocolError,
} from '../errors.js';
import type { BuiltInCodec, ServerMessage } from '../protocol/codec.js';
import { GRAPHQL_TRANSPORT_WS } from '../protocol/codec.js';
import { graphqlErrors } from '../protocol/graphql-errors.js';
import type { Frame } from '../protocol/payload.js';
import { deadline } from '../rx/streams.js';
import type { Resolvable } from '../transport/resolve-options.js';
import { resolveOptions } from '../transport/resolve-options.js';
import type { EventSink } from '../transport/events.js';
import type { LiveSocket } from '../transport/socket.js';
import type { Variables } from '../types.js';
import { isObject, must } from '../validate.js';
import type { Connection } from './connection.js';
import { answerPings } from './keep-alive/answer-pings.js';
import type { KeepAliveOptions } from './keep-alive/keep-alive.js';
import type { ConnectionOptions } from './live-connection.js';
import { OwnConnection } from './live-connection.js';

/** The options of the handshake that concern one connection. */
export interface SessionOptions {
  /** Payload of `connection_init`; without it there is no `payload` key. @defaultValue none */
  connectionParams?: Resolvable<Variables | undefined> | undefined;
  /** ms from `connection_init` to `connection_ack`. `false` = for ever. @defaultValue `10_000` */
  ackTimeout?: number | false | undefined;
}

type ReaderOptions = SessionOptions & Pick<KeepAliveOptions, 'answerPings'>;

/** Sends `connection_init`, emits the connection at the ack, and hands it every message that follows. Errors at the first fault. */
export class MessageReader {
  readonly #socket: LiveSocket;
  readonly #codec: BuiltInCodec;
  readonly #connection: OwnConnection;
  readonly #subscriber: Subscriber<Connection>;
  readonly #events: EventSink;
  readonly #untilAck = new Subscription();
  readonly #session = new Subscription();
  #phase: 'open' | 'initialised' | 'acknowledged' = 'open';

  readonly #fail = (given: GraphQLSocketError, code = 1000, reason = '') => {
    this.#session.unsubscribe();
    const error = this.#socket.close(given, code, reason);
    this.#connection.lose(() => error);
    this.#subscriber.error(error);
  };

  constructor(
    socket: LiveSocket,
    codec: BuiltInCodec,
    options: ConnectionOptions,
    subscriber: Subscriber<Connection>,
  ) {
    this.#socket = socket;
    this.#codec = codec;
    this.#connection = new OwnConnection(socket, codec, options);
    this.#subscriber = subscriber;
    this.#events = socket.session().events;
    this.#session.add(this.#untilAck);
  }

  start(options: ReaderOptions): void {
    const { ackTimeout = 10_000 } = options;
    const { connectionParams = options.connectionParams, attempt } = this.#socket.session();
    this.#connection.outbox.failed = (given) => {
      // without a close frame
      this.#fail(given, 0);
    };
    // later pings are answered by `keepAlive`
    if (options.answerPings !== false) {
      this.#untilAck.add(answerPings(this.#connection.shown).subscribe({ error: this.#fail }));
    }
    this.#session.add(
      this.#socket.read({
        next: (frame) => {
          this.#next(frame);
        },
        error: this.#fail,
        complete: () => {
          // the source of the sockets says why, or gives another one
          this.#session.unsubscribe();
          this.#connection.lose(() => new ConnectionClosedError(1006, '', false));
        },
      }),
    );
    this.#untilAck.add(
      resolveOptions({ connectionParams }, attempt(), ackTimeout).subscribe({
        next: (values) => {
          this.#initialise(values.connectionParams, ackTimeout);
        },
        error: this.#fail,
      }),
    );
    if (this.#subscriber.closed) this.leave();
  }

  /** The source of the sockets has failed. */
  lose(error: GraphQLSocketError): void {
    this.#connection.lose(() => error);
  }

  /** Tells the server that all operations end. */
  leave(): void {
    this.#session.unsubscribe();
    this.#connection.leave(() => new ConnectionClosedError(1000, '', true));
  }

  #initialise(params: unknown, ackTimeout: number | false) {
    try {
      checkParams('connectionParams', params);
      // before it is sent, because the ack may come at once
      this.#phase = 'initialised';
      this.#untilAck.add(
        deadline(ackTimeout).subscribe({
          next: () => {
            this.#missAck(Number(ackTimeout));
          },
          error: this.#fail,
        }),
      );
      this.#connection.outbox.send(
        params == null ? { type: 'init' } : { type: 'init', payload: params },
      );
    } catch (cause) {
      const message = '`connectionParams` cannot be serialised';
      this.#fail(ours(cause, () => new ConfigurationError('connectionParams', message, { cause })));
    }
  }

  #missAck(ackTimeout: number) {
    const text = `no connection_ack within ${inMs(ackTimeout)}${this.#connection.unexpected}`;
    const error = new HandshakeError('timeout', text);
    if (this.#codec.subprotocol === GRAPHQL_TRANSPORT_WS)
      this.#fail(error, 4504, 'No connection_ack');
    else this.#fail(error);
  }

  #next(frame: Frame) {
    let message: ServerMessage;
    try {
      message = this.#codec.decode(frame);
    } catch (cause) {
      const text = 'malformed frame: unreadable';
      const error = ours(cause, () => new ProtocolError(text, String(frame), { cause }));
      this.#fail(error, 4400, 'Malformed frame');
      return;
    }
    if (this.#events.observed) this.#connection.outbox.log('received', message, frame);
    if (this.#phase === 'acknowledged') this.#receive(message, frame);
    else this.#greet(message, frame);
  }

  /** A message before the ack. */
  #greet(message: ServerMessage, frame: Frame) {
    const { type } = message;
    if (type === 'rejected') this.#fail(rejection(message.payload));
    else if (type === 'ack' && this.#phase === 'initialised') this.#acknowledge(message.payload);
    else if (type === 'ack' || 'id' in message) {
      const text = `malformed handshake: \`${type}\` too early`;
      this.#fail(new ProtocolError(text, String(frame)), 4400, 'Malformed handshake');
    } else this.#receive(message, frame);
  }

  #acknowledge(payload: unknown) {
    this.#phase = 'acknowledged';
    this.#untilAck.unsubscribe();
    this.#connection.acknowledge(payload);
    this.#events.next({ type: 'acknowledged', payload });
    this.#subscriber.next(this.#connection.shown);
  }

  #receive(message: ServerMessage, frame: Frame) {
    if (message.type === 'complete' && message.payload) {
      const { id, payload } = message;
      this.#receive({ type: 'next', id, payload }, frame);
    }
    const foreign = this.#connection.receive(message, frame);
    if (foreign) this.#fail(foreign);
  }
}

const checkParams = must('an object', (params) => params == null || isObject(params), true);

/** Servers send an object with a message, `{ errors }` (AppSync), a bare string, or nothing. */
function rejection(payload: unknown): HandshakeError {
  const errors = payload == null ? [] : graphqlErrors(payload);
  const messages = errors.map(({ message }) => message).filter((text) => text !== 'unknown error');
  const detail = messages.length > 0 ? `: ${printable(messages.join('; '))}` : '';
  return new HandshakeError('rejected', `connection rejected by the server${detail}`, { payload });
}

/** The error itself if it is one of ours, otherwise one that tells what failed. */
function ours(error: unknown, otherwise: () => GraphQLSocketError): GraphQLSocketError {
  return isGraphQLSocketError(error) ? error : otherwise();
}
