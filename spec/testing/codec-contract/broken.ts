import type { ClientMessage, Codec, Payload, ServerMessage } from 'rx-graphql-ws';
import { ProtocolError } from 'rx-graphql-ws';
import type { CodecDialect } from 'rx-graphql-ws/testing';
import { appSync, appSyncDialect } from '../app-sync.js';

/** A codec with one fault, and a part of the message with which the contract reports it. */
export type Broken = readonly [fault: string, codec: Codec, says: string, dialect?: CodecDialect];

const authorization = { host: 'example.org', 'x-api-key': 'k' };

export const good = appSync(authorization);

/** Made afresh, because a codec may change its messages. It has few samples: each further one adds a thousand changed frames. */
export function goodDialect(): CodecDialect {
  return {
    ...appSyncDialect(authorization),
    says: [
      ['connection_ack', 'ack'],
      ['ka', 'pong'],
      [{ type: 'start_ack', id: '1' }, 'unknown'],
    ],
    foreign: ['next'],
  };
}

// a fault may break the types, so that the helpers take functions that return anything
type Of<T extends { readonly type: string }, K> = Extract<T, { readonly type: K }>;
const encoding = (encode: (message: ClientMessage) => unknown): Codec =>
  ({ ...good, encode }) as Codec;
const only = <K extends ClientMessage['type']>(
  type: K,
  encode: (message: Of<ClientMessage, K>) => unknown,
) =>
  encoding((message) =>
    message.type === type ? encode(message as Of<ClientMessage, K>) : good.encode(message),
  );
const starting = (change: (start: Record<string, unknown>) => unknown) =>
  only('subscribe', (message) =>
    JSON.stringify(change(JSON.parse(good.encode(message)) as Record<string, unknown>)),
  );
const requesting = (change: (request: Record<string, unknown>) => unknown) =>
  starting(({ payload, ...start }) => {
    const { data, ...others } = payload as { data: string };
    const request = change(JSON.parse(data) as Record<string, unknown>);
    return { ...start, payload: { ...others, data: JSON.stringify(request) } };
  });
const decoding = (decode: (frame: string) => unknown): Codec => ({ ...good, decode }) as Codec;
const reading = (change: (message: ServerMessage, frame: string) => unknown): Codec =>
  decoding((frame) => change(good.decode(frame), frame));
const erring = (change: (message: Of<ServerMessage, 'error'>) => unknown) =>
  reading((message) => (message.type === 'error' ? change(message) : message));
const paying = (change: (payload: Payload, frame: string) => unknown): Codec =>
  reading((message, frame) =>
    message.type === 'next' ? { ...message, payload: change(message.payload, frame) } : message,
  );
const typeOf = (frame: string) => (JSON.parse(frame) as { type: string }).type;

/** Each writes like AppSync's clients, except for one fault. */
export function brokenEncoding(): readonly Broken[] {
  let count = 0;
  const quoteless = only('complete', ({ id }) => `{"type":"stop","id":"${id}"}`);
  const asText = only(
    'subscribe',
    ({ id, payload }) =>
      `{"type":"start","id":"${id}","v":"${String(payload.variables as unknown)}"}`,
  );
  return [
    [
      'forgets the id of an operation',
      starting(({ type, payload }) => ({ type, payload })),
      'another frame than that of {"type":"subscribe","id":"a",',
    ],
    ['forgets the id of a stop', only('complete', () => '{"type":"stop"}'), `'{"type":"stop"}'`],
    [
      'reads ids as numbers',
      starting((start) => ({ ...start, id: Number(start.id) })),
      '"id":null',
    ],
    [
      'drops variables',
      requesting(({ query, operationName }) => ({ query, operationName })),
      '"variables":{"b":"a"}',
    ],
    [
      'drops the name of the operation',
      requesting(({ query, variables }) => ({ query, variables })),
      '"operationName":"A"',
    ],
    [
      'drops extensions',
      only('subscribe', (message) =>
        good.encode({ ...message, payload: { ...message.payload, extensions: {} } }),
      ),
      '"extensions":{"a":1}',
    ],
    ['drops connectionParams', only('init', () => '{"type":"connection_init"}'), '{"token":"a"}'],
    [
      'changes the white space of documents',
      requesting((request) => ({ ...request, query: String(request.query).replace(/\s+/g, ' ') })),
      'another frame than that of',
    ],
    ['escapes no quotes', quoteless, 'another frame than that of {"type":"complete","id":"/"}'],
    ['escapes no quotes in JSON', quoteless, 'expected  JSON, or an error'],
    ['escapes no half of a pair', quoteless, 'expected  an escape, or an error'],
    ['writes objects as texts', asText, '"v":"undefined"'],
    [
      'swallows the errors of JSON.stringify',
      only('subscribe', (message) => {
        try {
          return good.encode(message);
        } catch {
          return '{}';
        }
      }),
      'expected  an error, or frames that differ',
    ],
    ['counts', starting((start) => ({ ...start, count: (count += 1) })), '"count":'],
    [
      'changes the message',
      only('subscribe', (message) =>
        good.encode(Object.assign(message, { id: message.id.padStart(3, '-') })),
      ),
      'the message after encode(',
    ],
    ['is asynchronous', encoding(() => Promise.resolve('{}')), 'actual    [object Promise]'],
    ['writes nothing', encoding(() => ''), 'actual    an empty string: nothing is sent'],
    [
      'always throws',
      encoding(() => {
        throw new RangeError('no room');
      }),
      'actual    RangeError: no room',
    ],
    [
      'has a subprotocol of two words',
      { ...good, subprotocol: 'graphql ws' },
      `actual    'graphql ws'`,
    ],
    ['has no subprotocol', { ...good, subprotocol: undefined as never }, 'actual    undefined'],
    ['cannot ping, but says so', { ...good, canPing: true }, 'an empty string: nothing is sent'],
    ['does not say if it can ping', { ...good, canPing: undefined as never }, 'true or false'],
    [
      'ignores the replacer',
      good,
      'TypeError: Do not know how to serialize a BigInt',
      { ...goodDialect(), create: () => good },
    ],
    [
      'replaces everything',
      good,
      `actual    '{}'`,
      { ...goodDialect(), create: () => ({ ...good, encode: () => '{}' }) },
    ],
    [
      'writes another frame than its sample',
      good,
      `expected  '{"type":"init"}'`,
      { ...goodDialect(), sends: [[{ type: 'init' }, 'init']] },
    ],
    [
      'writes a frame although its sample is nothing',
      good,
      'expected  an empty string: nothing is sent',
      { ...goodDialect(), sends: [[{ type: 'complete', id: '1' }, undefined]] },
    ],
    [
      'has too few samples',
      good,
      'sends\n  expected  ["init","ping","pong","subscribe","complete","terminate"]\n  actual    []',
      { ...goodDialect(), sends: [] },
    ],
  ];
}

/** Each reads like AppSync's clients, except for one fault. */
export function brokenDecoding(): readonly Broken[] {
  let lastId = '1';
  let lastPayload: Payload | undefined;
  return [
    [
      'throws a TypeError',
      decoding((frame) => {
        throw new TypeError(`no ${frame}`);
      }),
      'actual    TypeError: no {"type":"connection_ack"}',
    ],
    [
      'throws the errors of JSON.parse',
      decoding((frame) => {
        JSON.parse(frame);
        return good.decode(frame);
      }),
      'expected  a message, or a ProtocolError\n  actual    SyntaxError: ',
    ],
    [
      'returns undefined',
      decoding(() => undefined),
      'a message of the type ack, rejected, ping, pong, next, error, complete, unknown',
    ],
    [
      'returns a cycle',
      decoding(() => {
        const cycle: Record<string, unknown> = {};
        return Object.assign(cycle, { cycle });
      }),
      'actual    a value that JSON cannot hold',
    ],
    ['returns a function', decoding((frame) => () => good.decode(frame)), 'actual    a function'],
    [
      'merges the frame',
      reading((message, frame) => {
        if (frame.length < 1_000) merge({}, JSON.parse(frame));
        return message;
      }),
      '\n  expected  nothing new\n  actual    ["polluted"]',
    ],
    [
      'reads with a regular expression',
      decoding((frame) => {
        const [, type, id] = /"type":"(\w+)","id":"(\w+)"/.exec(frame) ?? [];
        return type === 'complete' ? { type, id } : good.decode(frame);
      }),
      'expected  type unknown, or a ProtocolError here or of payload.decode()',
    ],
    [
      'reads frames of one form only',
      decoding((frame) =>
        /^\{"type":"\w+"(,"id":".+?")?(,"payload":.+)?\}$/s.test(frame)
          ? good.decode(frame)
          : { type: 'unknown', frame },
      ),
      'actual    {"type":"unknown"}',
    ],
    [
      'keeps ids in an object',
      reading((message) => {
        if (!('id' in message)) return message;
        const ids: Record<string, string> = {};
        ids[message.id] = message.id;
        return { ...message, id: Object.keys(ids)[0] ?? 'none' };
      }),
      '"id":"none"',
    ],
    [
      'has numbers as ids',
      reading((message) =>
        'id' in message && /^\d+$/.test(message.id)
          ? { ...message, id: Number(message.id) }
          : message,
      ),
      '.id\n  expected  a string that is not empty\n  actual    1',
    ],
    [
      'gives an end without an id to the last operation',
      decoding((frame) => {
        const message = good.decode(frame);
        if ('id' in message) lastId = message.id;
        const isEnd = message.type === 'unknown' && typeOf(frame) === 'complete';
        return isEnd ? { type: 'complete', id: lastId } : message;
      }),
      'expected  no message of an operation\n',
    ],
    [
      'remembers the last operation',
      decoding((frame) => {
        const message = good.decode(frame);
        const isEnd = message.type === 'complete';
        const id = lastId;
        if ('id' in message) lastId = message.id;
        return isEnd ? { type: 'complete', id } : message;
      }),
      ', again\n',
    ],
    [
      'makes text of any id',
      reading((message, frame) => {
        const { id } = JSON.parse(frame) as { id: unknown };
        const isData = message.type === 'unknown' && typeOf(frame) === 'data';
        return isData ? { type: 'complete', id: `${JSON.stringify(id)}-` } : message;
      }),
      '"id":"undefined-"',
    ],
    [
      'uses an object as a map',
      reading((message, frame) => {
        const types: Record<string, unknown> = { ka: 'pong' };
        const type = types[typeOf(frame)];
        return message.type === 'unknown' && type ? { type } : message;
      }),
      'expected  a message of the type',
    ],
    [
      'reads an unknown type as a pong',
      reading((message) => (message.type === 'unknown' ? { type: 'pong' } : message)),
      'expected  type unknown, or a ProtocolError\n  actual    {"type":"pong"}',
    ],
    [
      'refuses an unknown type',
      reading((message, frame) => {
        if (message.type === 'unknown') throw new ProtocolError('what?', frame);
        return message;
      }),
      'actual    ProtocolError: what?',
    ],
    [
      'cuts an unknown frame',
      reading((message, frame) =>
        message.type === 'unknown' ? { ...message, frame: frame.slice(0, 9) } : message,
      ),
      '.frame\n  expected  the frame as it came',
    ],
    [
      'drops payloads',
      reading((message) =>
        message.type === 'next' || 'id' in message || message.type === 'unknown'
          ? message
          : { type: message.type },
      ),
      'expected  {"type":"ack","payload":null}',
    ],
    [
      'adds payloads',
      reading((message) =>
        'payload' in message && message.type !== 'next'
          ? { ...message, payload: message.payload ?? {} }
          : message,
      ),
      'actual    {"type":"ack","payload":{}}',
    ],
    [
      'drops all errors',
      erring((message) => ({ ...message, errors: [] })),
      'expected  at least one error, each with a text as its `message`\n  actual    []',
    ],
    [
      'keeps the message of an error only',
      erring(({ errors, ...rest }) => ({
        ...rest,
        errors: errors.map(({ message }) => ({ message })),
      })),
      'actual    {"type":"error","id":"1","errors":[{"message":"m"},{"message":"n"}]}',
    ],
    [
      'keeps the first error only',
      erring((message) => ({ ...message, errors: message.errors.slice(0, 1) })),
      '{"message":"n"}',
    ],
    ['has no payload', paying(() => undefined), '.payload\n  expected  an object with `text` and'],
    [
      'gives the data as the result',
      paying(({ text, decode }) => ({ text, decode: () => decode().data })),
      '.payload.decode()\n  expected  a result (data, errors, incremental or hasNext), or a',
    ],
    [
      'makes a result of anything',
      paying(({ text }) => ({ text, decode: () => ({ data: JSON.parse(text) as unknown }) })),
      'expected  type unknown, or a ProtocolError here or of payload.decode()\n  actual    {"type":"next"',
    ],
    [
      'refuses every result',
      reading((message, frame) => {
        if (message.type === 'next') throw new ProtocolError('no results', frame);
        return message;
      }),
      'expected  a result\n  actual    ProtocolError: no results',
    ],
    [
      'has the frame as the text of a result',
      paying((payload, frame) => ({ ...payload, text: frame })),
      `.payload.text\n  expected  {"data":{"a":[1,"é",null]}}\n  actual    '{"type":"data"`,
    ],
    [
      'has another text for every id',
      paying(({ text, decode }, frame) => ({
        decode,
        text: text + ' '.repeat(frame.indexOf('"2"') + 1),
      })),
      ".payload.text\n  expected  '",
    ],
    [
      'has no text',
      paying(({ decode }) => ({ text: undefined, decode })),
      '.payload.text\n  expected  a string\n  actual    undefined',
    ],
    [
      'has a text that throws',
      paying(({ decode }, frame) => ({
        get text() {
          throw new ProtocolError('no text', frame);
        },
        decode,
      })),
      '.payload.text\n  expected  a string\n  actual    ProtocolError: no text',
    ],
    [
      'has one payload for all results',
      paying((payload) => {
        lastPayload = payload;
        return {
          get text() {
            return lastPayload?.text;
          },
          decode: () => lastPayload?.decode(),
        };
      }),
      'after other frames\n  expected  {"data":"1"}\n  actual    {"data":"3"}',
    ],
    [
      'decodes once',
      paying(({ text, decode }) => {
        let done = false;
        return {
          text,
          decode() {
            if (done) throw new TypeError('no more');
            done = true;
            return decode();
          },
        };
      }),
      'actual    TypeError: no more',
    ],
    [
      'ignores the reviver',
      good,
      '"result":{"data":{"at":"1"}}',
      { ...goodDialect(), create: () => good },
    ],
  ];
}

function merge(target: Record<string, unknown>, source: unknown): void {
  for (const [key, value] of Object.entries(Object(source) as object)) {
    const child = target[key];
    if (Object(value) !== value) target[key] = value as unknown;
    else
      merge(
        (Object(child) === child ? child : (target[key] = {})) as Record<string, unknown>,
        value,
      );
  }
}
