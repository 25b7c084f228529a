import type { Codec, ExecutionResult, ServerMessage } from 'rx-graphql-ws';
import { ProtocolError } from 'rx-graphql-ws';
import type { CodecDialect } from 'rx-graphql-ws/testing';

/** A dialect without JSON: `RUN|1|{"query":…}`, `ROW|1|{"data":…}`. It has no message for errors. */
export const pipes: Codec = {
  subprotocol: 'pipes',
  canPing: false,
  encode(message) {
    switch (message.type) {
      case 'init':
        return `HELLO|${JSON.stringify(message.payload ?? null)}`;
      case 'subscribe':
        return `RUN|${encodeURIComponent(message.id)}|${JSON.stringify(message.payload)}`;
      case 'complete':
        return `END|${encodeURIComponent(message.id)}`;
      default:
        return '';
    }
  },
  decode(frame): ServerMessage {
    const [, word, id = '', text = ''] = /^([A-Z]+)(?:\|([^|]+))?(?:\|(.*))?$/su.exec(frame) ?? [];
    if (word === 'WELCOME' || word === 'TICK') return { type: word === 'TICK' ? 'pong' : 'ack' };
    if (word === 'END' && id) return { type: 'complete', id: readable(id, frame) };
    if (word !== 'ROW' || !id) throw new ProtocolError('not a frame of pipes', frame);
    return {
      type: 'next',
      id: readable(id, frame),
      payload: { text, decode: () => toResult(text, frame) },
    };
  },
};

export const pipesDialect: CodecDialect = {
  sends: [
    [{ type: 'init' }, () => 'HELLO|null'],
    [{ type: 'init', payload: { me: 1 } }, () => 'HELLO|{"me":1}'],
    [
      { type: 'subscribe', id: '1', payload: { query: '{ a }', variables: {} } },
      () => 'RUN|1|{"query":"{ a }","variables":{}}',
    ],
    [{ type: 'complete', id: 'a|b' }, () => 'END|a%7Cb'],
    [{ type: 'ping' }, undefined],
    [{ type: 'pong' }, undefined],
    [{ type: 'terminate' }, undefined],
  ],
  says: [
    [() => 'WELCOME', 'ack'],
    [() => 'TICK', { type: 'pong' }],
  ],
  next: (id, result) => `ROW|${encodeURIComponent(id)}|${JSON.stringify(result)}`,
  complete: (id) => `END|${encodeURIComponent(id)}`,
  foreign: ['next', () => 'PING'],
};

function readable(id: string, frame: string): string {
  try {
    return decodeURIComponent(id);
  } catch (cause) {
    throw new ProtocolError('not an id of pipes', frame, { cause });
  }
}

function toResult(text: string, frame: string): ExecutionResult {
  try {
    const result = JSON.parse(text) as ExecutionResult;
    if ('data' in result || 'errors' in result) return result;
  } catch (cause) {
    throw new ProtocolError('not a row of pipes', frame, { cause });
  }
  throw new ProtocolError('a row without data', frame);
}
