import type {
  Codec,
  ExecutionResult,
  GraphQLFormattedError,
  Payload,
  ServerMessage,
} from 'rx-graphql-ws';
import { ProtocolError } from 'rx-graphql-ws';
import type { CodecDialect } from 'rx-graphql-ws/testing';

interface Flat extends ExecutionResult {
  readonly op?: unknown;
  readonly of?: unknown;
  readonly why?: unknown;
}

/** A dialect without payloads: `{ op: 'run', of: '1', query }`, `{ op: 'row', of: '1', data }`. */
export const flat: Codec = {
  subprotocol: 'flat',
  canPing: true,
  encode(message) {
    switch (message.type) {
      case 'init':
        return JSON.stringify({ op: 'hello', me: message.payload });
      case 'subscribe':
        return JSON.stringify({ op: 'run', of: message.id, ...message.payload });
      case 'complete':
        return JSON.stringify({ op: 'end', of: message.id });
      case 'ping':
        return '{"op":"there?"}';
      default:
        return '';
    }
  },
  decode(frame) {
    try {
      return read(frame);
    } catch (cause) {
      throw new ProtocolError('not a frame of flat', frame, { cause });
    }
  },
};

export const flatDialect: CodecDialect = {
  sends: [
    [{ type: 'init' }, { op: 'hello' }],
    [
      { type: 'subscribe', id: '1', payload: { query: '{ a }', variables: { b: 1 } } },
      { op: 'run', of: '1', query: '{ a }', variables: { b: 1 } },
    ],
    [
      { type: 'complete', id: '1' },
      { op: 'end', of: '1' },
    ],
    [{ type: 'ping' }, { op: 'there?' }],
    [{ type: 'pong' }, undefined],
    [{ type: 'terminate' }, undefined],
  ],
  says: [
    [{ op: 'welcome' }, 'ack'],
    [
      { op: 'no', why: 'token' },
      { type: 'rejected', payload: 'token' },
    ],
    [{ op: 'here' }, 'pong'],
    [{ op: 'news' }, 'unknown'],
  ],
  next: (id, result) => ({ op: 'row', of: id, ...result }),
  error: (id, errors) => ({ op: 'failed', of: id, errors }),
  complete: (id) => ({ op: 'bye', of: id }),
  foreign: [{ op: 'run', of: '1' }, 'data'],
};

function read(frame: string): ServerMessage {
  const { op, of, ...body } = JSON.parse(frame) as Flat;
  switch (op) {
    case 'welcome':
      return { type: 'ack' };
    case 'no':
      return { type: 'rejected', payload: body.why };
    case 'here':
      return { type: 'pong' };
  }
  if (typeof op !== 'string') throw new TypeError('no op');
  if (typeof of !== 'string' || of === '') return { type: 'unknown', frame };
  switch (op) {
    case 'row':
      return { type: 'next', id: of, payload: toPayload(body, frame) };
    case 'failed':
      return { type: 'error', id: of, errors: toErrors(body.errors) };
    case 'bye':
      return { type: 'complete', id: of };
    default:
      return { type: 'unknown', frame };
  }
}

function toPayload(result: ExecutionResult, frame: string): Payload {
  return {
    text: JSON.stringify(result),
    decode() {
      if ('data' in result || 'errors' in result) return result;
      throw new ProtocolError('a row without data', frame);
    },
  };
}

function toErrors(errors: unknown): readonly GraphQLFormattedError[] {
  const isError = (error: unknown): error is GraphQLFormattedError =>
    typeof (Object(error) as { message?: unknown }).message === 'string';
  const known = Array.isArray(errors) ? errors.filter(isError) : [];
  return known.length > 0 ? known : [{ message: 'failed' }];
}
