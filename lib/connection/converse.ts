import type { Subscriber } from 'rxjs';
import { Subscription } from 'rxjs';
import { deadline } from '../deadline.js';
import type { GraphQLSocketError } from '../errors.js';
import {
  ConfigurationError,
  ConnectionClosedError,
  HandshakeError,
  isGraphQLSocketError,
  printable,
  ProtocolError,
} from '../errors.js';
import type { Frame } from '../long-frame.js';
import { framesOf } from '../long-frame.js';
import type { Codec, ServerMessage } from '../protocol/codec.js';
import { decodeFrame } from '../protocol/frame-reader.js';
import type { DialledSocket } from '../transport/dialled-socket.js';
import type { OpenSocket } from '../transport/dialled-socket.js';
import { resolveAll } from '../transport/resolve.js';
import type { Resolvable, Variables } from '../types.js';
import { isObject, must } from '../validate.js';
import { answerPings as pongs } from './answer-pings.js';
import type { Connection, LiveConnection } from './connection.js';
import type { Tap } from './wire-log.js';

/** What a conversation needs of the options. */
export interface ConversationOptions {
  readonly connectionParams?: Resolvable<Variables | undefined> | undefined;
  readonly ackTimeout?: number | false | undefined;
  readonly answerPings?: boolean | undefined;
  readonly tap: Tap;
}

/** Speaks on one socket, from `connection_init` on: emits the connection at the ack, errors at the first fault. Returns how to leave it. */
export function converse(
  socket: OpenSocket & Partial<DialledSocket>,
  codec: Codec,
  connection: LiveConnection,
  { ackTimeout = 10_000, answerPings = true, tap, connectionParams }: ConversationOptions,
  subscriber: Subscriber<Connection>,
): () => void {
  let phase: 'open' | 'greeted' | 'acknowledged' = 'open';
  const session = new Subscription();
  const waiting = new Subscription();

  const fail = (error: GraphQLSocketError, code = 1000, reason = '') => {
    session.unsubscribe();
    socket.end?.(code, reason);
    connection.lose(error);
    subscriber.error(error);
  };
  const late = () => {
    fail(new HandshakeError('timeout', `no connection_ack within ${String(ackTimeout)} ms`));
  };
  const greet = (params: unknown) => {
    try {
      checkParams('connectionParams', params);
      // before it is sent: the ack may come at once
      phase = 'greeted';
      if (ackTimeout !== false)
        waiting.add(deadline(ackTimeout).subscribe({ next: late, error: fail }));
      connection.send(params == null ? { type: 'init' } : { type: 'init', payload: params });
    } catch (cause) {
      const message = '`connectionParams` cannot be serialised';
      fail(ours(cause) ?? new ConfigurationError('connectionParams', message, { cause }));
    }
  };
  const read = (frame: Frame) => {
    let message: ServerMessage;
    try {
      message = decodeFrame(codec, frame);
    } catch (cause) {
      const error =
        ours(cause) ?? new ProtocolError('malformed frame: unreadable', String(frame), { cause });
      fail(error, 4400, 'Malformed frame');
      return;
    }
    connection.log('received', message, frame);
    if (phase === 'acknowledged') connection.receive(message, frame);
    else if (message.type === 'rejected') fail(rejection(message.payload));
    else if (message.type === 'ack' && phase === 'greeted') {
      phase = 'acknowledged';
      waiting.unsubscribe();
      connection.acknowledge(message.payload);
      tap.next({ type: 'acknowledged', payload: message.payload });
      subscriber.next(connection);
    } else if (message.type === 'ack' || 'id' in message) {
      const error = new ProtocolError(
        `malformed handshake: \`${message.type}\` too early`,
        String(frame),
      );
      fail(error, 4400, 'Malformed handshake');
    } else connection.receive(message, frame);
  };

  session.add(waiting);
  if (answerPings) waiting.add(pongs(connection).subscribe({ error: fail }));
  session.add(
    framesOf(socket.frames$).subscribe({
      next: read,
      error: fail,
      complete() {
        fail(new ConnectionClosedError(1006, '', false));
      },
    }),
  );
  waiting.add(
    resolveAll({ connectionParams }, { attempt: 0, error: undefined }, ackTimeout).subscribe({
      next(values) {
        greet(values.connectionParams);
      },
      error: fail,
    }),
  );
  return () => {
    session.unsubscribe();
    connection.leave(new ConnectionClosedError(1000, '', true));
  };
}

const checkParams = must('an object', (params) => params == null || isObject(params), true);

/** Servers send an object with a message, a bare string, or nothing. */
function rejection(payload: unknown): HandshakeError {
  const { message = payload } = Object(payload) as { message?: unknown };
  const detail = typeof message === 'string' ? `: ${printable(message)}` : '';
  return new HandshakeError('rejected', `connection rejected by the server${detail}`, { payload });
}

function ours(error: unknown): GraphQLSocketError | undefined {
  return isGraphQLSocketError(error) ? error : undefined;
}
