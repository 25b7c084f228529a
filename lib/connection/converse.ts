import type { Subscriber } from 'rxjs';
import { Subscription, timer } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import {
  ConfigurationError,
  ConnectionClosedError,
  HandshakeError,
  isGraphQLSocketError,
  printable,
  ProtocolError,
} from '../errors.js';
import type { Codec, ServerMessage } from '../protocol/codec.js';
import { pongFor } from '../protocol/codec.js';
import { CloseCode } from '../transport/close-code.js';
import type { DialledSocket } from '../transport/dial-socket.js';
import type { OpenSocket } from '../transport/open-socket.js';
import { resolve } from '../transport/resolve.js';
import type { Variables } from '../types.js';
import { expected, kindOf } from '../validate.js';
import type { Connection, LiveConnection } from './connection.js';
import type { GreetingOptions } from './handshake.js';
import { deafTap } from './tap.js';

/** Speaks on one socket, from `connection_init` on: emits the connection at the ack, errors at the first fault. Returns how to leave it. */
export function converse(
  socket: OpenSocket & Partial<DialledSocket>,
  codec: Codec,
  connection: LiveConnection,
  options: GreetingOptions,
  subscriber: Subscriber<Connection>,
): () => void {
  const { ackTimeout = 10_000, answerPings = true, tap = deafTap, connectionParams } = options;
  let phase: 'open' | 'greeted' | 'acknowledged' = 'open';
  const waiting = new Subscription();
  const session = new Subscription();

  const fail = (error: GraphQLSocketError, code: number = CloseCode.Normal, reason = '') => {
    session.unsubscribe();
    socket.refuse?.(code, reason);
    connection.lose(error);
    subscriber.error(error);
  };
  const greet = (params: unknown) => {
    try {
      connection.send(initMessage(params));
      phase = 'greeted';
    } catch (error) {
      fail(asConfigurationError(error));
    }
  };
  const beforeAck = (message: ServerMessage, frame: string) => {
    if (message.type === 'ack' && phase === 'greeted') {
      phase = 'acknowledged';
      waiting.unsubscribe();
      connection.acknowledge(message.payload);
      subscriber.next(connection);
    } else if (message.type === 'rejected') {
      fail(rejection(message.payload));
    } else if (message.type === 'ack' || 'id' in message) {
      const what = `malformed handshake: \`${message.type}\` before its time`;
      fail(new ProtocolError(what, frame), CloseCode.BadRequest, 'Malformed handshake');
    } else {
      connection.receive(message, frame);
      if (message.type === 'ping' && answerPings) connection.send(pongFor(message));
    }
  };
  const read = (frame: string) => {
    let message: ServerMessage;
    try {
      message = codec.decode(frame);
    } catch (error) {
      fail(asProtocolError(error, frame), CloseCode.BadRequest, 'Malformed frame');
      return;
    }
    if (tap.listening()) tap.emit({ type: 'received', message, text: frame });
    if (phase === 'acknowledged') connection.receive(message, frame);
    else beforeAck(message, frame);
  };

  session.add(waiting);
  session.add(
    socket.frames$.subscribe({
      next: read,
      error: fail,
      complete: () => {
        fail(new ConnectionClosedError(1006, '', false));
      },
    }),
  );
  if (ackTimeout !== false) {
    waiting.add(
      timer(ackTimeout).subscribe(() => {
        fail(new HandshakeError('timeout', `no connection_ack within ${String(ackTimeout)} ms`));
      }),
    );
  }
  waiting.add(
    resolve('connectionParams', connectionParams, { attempt: 0, error: undefined }).subscribe({
      next: greet,
      error: fail,
    }),
  );
  return () => {
    session.unsubscribe();
    connection.leave(new ConnectionClosedError(CloseCode.Normal, '', true));
  };
}

function initMessage(params: unknown) {
  if (params == null) return { type: 'init' } as const;
  if (kindOf(params) !== 'object') {
    throw expected('connectionParams', 'an object', params, true);
  }
  return { type: 'init', payload: params as Variables } as const;
}

function asConfigurationError(error: unknown): GraphQLSocketError {
  if (isGraphQLSocketError(error)) return error;
  const message = '`connectionParams` cannot be serialised as JSON';
  return new ConfigurationError('connectionParams', message, { cause: error });
}

function asProtocolError(error: unknown, frame: string): GraphQLSocketError {
  if (isGraphQLSocketError(error)) return error;
  return new ProtocolError('malformed frame: the codec failed', frame, { cause: error });
}

/** Servers send an object with a message, a bare string, or nothing. */
function rejection(payload: unknown): HandshakeError {
  const text =
    typeof payload === 'object' && payload !== null && 'message' in payload
      ? payload.message
      : payload;
  const detail = typeof text === 'string' && text !== '' ? `: ${printable(text)}` : '';
  return new HandshakeError('rejected', `connection rejected by the server${detail}`, { payload });
}
