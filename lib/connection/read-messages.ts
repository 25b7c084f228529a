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
import type { LiveSocket } from '../transport/socket.js';
import type { Variables } from '../types.js';
import { isObject, must } from '../validate.js';
import type { Connection } from './connection.js';
import { answerPings } from './keep-alive/answer-pings.js';
import type { KeepAliveOptions } from './keep-alive/keep-alive.js';
import type { OwnConnection } from './live-connection.js';

/** The options of the handshake that concern one connection. */
export interface SessionOptions {
  /** Payload of `connection_init`; without it there is no `payload` key. @defaultValue none */
  connectionParams?: Resolvable<Variables | undefined> | undefined;
  /** ms from `connection_init` to `connection_ack`. `false` = for ever. @defaultValue `10_000` */
  ackTimeout?: number | false | undefined;
}

type Fail = (error: GraphQLSocketError, code?: number, reason?: string) => void;

/** Sends `connection_init`, emits the connection at the ack, and hands it every message that follows. Errors at the first fault. Returns how to leave. */
export function readMessages(
  socket: LiveSocket,
  codec: BuiltInCodec,
  connection: OwnConnection,
  options: SessionOptions & Pick<KeepAliveOptions, 'answerPings'>,
  subscriber: Subscriber<Connection>,
): () => void {
  const session = new Subscription();
  const untilAck = new Subscription();
  const fail: Fail = (given, code = 1000, reason = '') => {
    session.unsubscribe();
    const error = socket.close(given, code, reason);
    connection.lose(() => error);
    subscriber.error(error);
  };
  const complete = () => {
    // the source of the sockets says why, or gives another one
    session.unsubscribe();
    connection.lose(() => new ConnectionClosedError(1006, '', false));
  };
  session.add(untilAck);
  connection.outbox.failed = (error) => {
    // without a close frame
    fail(error, 0);
  };
  // later pings are answered by `keepAlive`
  if (options.answerPings !== false)
    untilAck.add(answerPings(connection.shown).subscribe({ error: fail }));
  const next = createReader(codec, connection, fail, (payload) => {
    untilAck.unsubscribe();
    connection.acknowledge(payload);
    subscriber.next(connection.shown);
  });
  session.add(socket.read({ next, error: fail, complete }));
  initialise({ socket, codec, connection }, options, untilAck, fail);
  return () => {
    session.unsubscribe();
    connection.leave(() => new ConnectionClosedError(1000, '', true));
  };
}

interface Parts {
  readonly socket: LiveSocket;
  readonly codec: BuiltInCodec;
  readonly connection: OwnConnection;
}

/** Sends `connection_init`, and fails if no ack comes in time. */
function initialise(
  { socket, codec, connection }: Parts,
  options: SessionOptions,
  untilAck: Subscription,
  fail: Fail,
) {
  const { ackTimeout = 10_000 } = options;
  const { connectionParams = options.connectionParams, attempt } = socket.session();
  const late = () => {
    const text = `no connection_ack within ${inMs(Number(ackTimeout))}${connection.unexpected}`;
    const error = new HandshakeError('timeout', text);
    if (codec.subprotocol === GRAPHQL_TRANSPORT_WS) fail(error, 4504, 'No connection_ack');
    else fail(error);
  };
  const next = (values: { connectionParams: unknown }) => {
    const params = values.connectionParams;
    try {
      checkParams('connectionParams', params);
      // before it is sent, because the ack may come at once
      connection.mayBeAcknowledged = true;
      untilAck.add(deadline(ackTimeout).subscribe({ next: late, error: fail }));
      connection.outbox.send(params == null ? { type: 'init' } : { type: 'init', payload: params });
    } catch (cause) {
      const message = '`connectionParams` cannot be serialised';
      fail(ours(cause, () => new ConfigurationError('connectionParams', message, { cause })));
    }
  };
  untilAck.add(
    resolveOptions({ connectionParams }, attempt(), ackTimeout).subscribe({ next, error: fail }),
  );
}

/** Returns a function that reads one frame. */
function createReader(
  codec: BuiltInCodec,
  connection: OwnConnection,
  fail: Fail,
  acknowledged: (payload: unknown) => void,
) {
  const greet = (message: ServerMessage, frame: Frame) => {
    const { type } = message;
    if (type === 'rejected') fail(rejection(message.payload));
    else if (type === 'ack' && connection.mayBeAcknowledged) acknowledged(message.payload);
    else if (type === 'ack' || 'id' in message) {
      const text = `malformed handshake: \`${type}\` too early`;
      fail(new ProtocolError(text, String(frame)), 4400, 'Malformed handshake');
    } else receive(message, frame);
  };
  const receive = (message: ServerMessage, frame: Frame) => {
    if (message.type === 'complete' && message.payload) {
      const { id, payload } = message;
      receive({ type: 'next', id, payload }, frame);
    }
    const foreign = connection.receive(message, frame);
    if (foreign) fail(foreign);
  };
  const { events, log } = connection.outbox;
  return (frame: Frame) => {
    let message: ServerMessage;
    try {
      message = codec.decode(frame);
    } catch (cause) {
      const text = 'malformed frame: unreadable';
      const error = ours(cause, () => new ProtocolError(text, String(frame), { cause }));
      fail(error, 4400, 'Malformed frame');
      return;
    }
    if (events.observed) log('received', message, frame);
    if (connection.isAcknowledged) receive(message, frame);
    else greet(message, frame);
  };
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
