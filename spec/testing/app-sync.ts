import type { Codec, ExecutionResult, GraphQLFormattedError, ServerMessage } from 'rx-graphql-ws';
import { ProtocolError } from 'rx-graphql-ws';
import type { CodecDialect } from 'rx-graphql-ws/testing';

interface Frame {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly payload?: unknown;
}

/**
 * AppSync's dialect of the legacy protocol: the request of a `start` is a JSON string, and every `start` has its own authorization,
 * for example `{ host, 'x-api-key' }`. The socket has another one, in a further subprotocol `header-…`.
 */
function appSync(
  authorization: Readonly<Record<string, string>>,
  replacer?: (key: string, value: unknown) => unknown,
  reviver?: (key: string, value: unknown) => unknown,
): Codec {
  return {
    subprotocol: 'graphql-ws',
    canPing: false,
    encode(message) {
      switch (message.type) {
        case 'init':
          if (message.payload === undefined) return '{"type":"connection_init"}';
          throw new TypeError('AppSync takes no connectionParams: authorize each operation');
        case 'subscribe': {
          const { extensions, ...request } = message.payload;
          const data = JSON.stringify(request, replacer);
          const payload = { data, extensions: { ...extensions, authorization } };
          return JSON.stringify({ type: 'start', id: message.id, payload }, replacer);
        }
        case 'complete':
          return JSON.stringify({ type: 'stop', id: message.id });
        default:
          return '';
      }
    },
    decode(frame) {
      try {
        return read(frame, reviver);
      } catch (cause) {
        // no JSON, or an unknown object
        throw new ProtocolError('malformed frame of AppSync', frame, { cause });
      }
    },
  };
}

const authorization = { host: 'example.org', 'x-api-key': 'k' };

export const good = appSync(authorization);

/** The frames of AppSync, made afresh, because a codec may change its messages. */
export function goodDialect(): CodecDialect {
  const data = '{"query":"subscription { a }","variables":{"b":1}}';
  return {
    sends: [
      [{ type: 'init' }, 'connection_init'],
      [
        {
          type: 'subscribe',
          id: '1',
          payload: { query: 'subscription { a }', variables: { b: 1 } },
        },
        { type: 'start', id: '1', payload: { data, extensions: { authorization } } },
      ],
      [
        { type: 'complete', id: '1' },
        { type: 'stop', id: '1' },
      ],
      [{ type: 'ping' }, undefined],
      [{ type: 'pong' }, undefined],
      [{ type: 'terminate' }, undefined],
    ],
    // few samples, because each adds a thousand changed frames
    says: [
      ['connection_ack', 'ack'],
      ['ka', 'pong'],
      [{ type: 'start_ack', id: '1' }, 'unknown'],
    ],
    next: 'data',
    error: (id, errors) => ({ type: 'error', id, payload: { errors } }),
    complete: 'complete',
    foreign: ['next'],
    create: (replacer, reviver) => appSync(authorization, replacer, reviver),
  };
}

function read(frame: string, reviver?: (key: string, value: unknown) => unknown): ServerMessage {
  const { type, id, payload } = JSON.parse(frame) as Frame;
  switch (type) {
    // the payload has connectionTimeoutMs, within which a `ka` is due
    case 'connection_ack':
      return { type: 'ack', payload };
    case 'connection_error':
      return { type: 'rejected', payload };
    case 'ka':
      return { type: 'pong', payload };
  }
  if (typeof type !== 'string') throw new TypeError('no type');
  if (typeof id !== 'string' || id === '') return { type: 'unknown', frame };
  switch (type) {
    case 'data':
      return { type: 'next', id, payload: toPayload(payload, frame, reviver) };
    case 'error':
      return { type: 'error', id, errors: toErrors(payload) };
    case 'complete':
      return { type: 'complete', id };
    // for example start_ack
    default:
      return { type: 'unknown', frame };
  }
}

function toPayload(
  payload: unknown,
  frame: string,
  reviver?: (key: string, value: unknown) => unknown,
): Extract<ServerMessage, { type: 'next' }>['payload'] {
  const text = JSON.stringify(payload ?? null);
  return {
    text,
    decode() {
      const result: unknown = JSON.parse(text, reviver);
      const { data, errors } = Object(result) as ExecutionResult;
      if (data === undefined && errors === undefined) {
        throw new ProtocolError('no result', frame);
      }
      return result as ExecutionResult;
    },
  };
}

/** AppSync's errors have a type, and not always a message. */
function toErrors(payload: unknown): readonly GraphQLFormattedError[] {
  const { errors } = Object(payload) as { errors?: unknown };
  const given = (Array.isArray(errors) ? errors : [payload]) as readonly unknown[];
  return (given.length > 0 ? given : [payload]).map((error) => {
    const { message, errorType } = Object(error) as { message?: unknown; errorType?: unknown };
    const known = typeof message === 'string' ? message : errorType;
    if (typeof known !== 'string') return { message: 'AppSync gave no reason' };
    return { ...(error as object), message: known };
  });
}
