import type { ClientMessage, Codec, Payload, ServerMessage } from 'rx-graphql-ws';
import type { CodecDialect } from 'rx-graphql-ws/testing';
import { ProtocolError } from 'rx-graphql-ws';
import { appSync, appSyncDialect } from '../app-sync.js';

/** A codec with one fault, and what the contract has to say about it. */
export interface Broken {
  readonly fault: string;
  readonly codec: Codec;
  readonly dialect?: CodecDialect;
  /** The cases that fail, all of them and no others. */
  readonly fails: RegExp;
  /** In the message of one of them. */
  readonly says: string;
}

interface Start {
  readonly type: string;
  readonly id: string;
  readonly payload: { readonly data: string; readonly extensions: object };
}

const authorization = { host: 'example.org', 'x-api-key': 'k' };
const good = appSync(authorization);

const encoding = (encode: (message: ClientMessage) => unknown): Codec =>
  ({ ...good, encode }) as Codec;
const starting = (change: (start: Start) => unknown) =>
  encoding((message) =>
    message.type === 'subscribe'
      ? JSON.stringify(change(JSON.parse(good.encode(message)) as Start))
      : good.encode(message),
  );
const requesting = (change: (request: Record<string, unknown>) => unknown) =>
  starting(({ payload, ...start }) => {
    const request = JSON.parse(payload.data) as Record<string, unknown>;
    return { ...start, payload: { ...payload, data: JSON.stringify(change(request)) } };
  });
const decoding = (decode: (frame: string) => unknown): Codec => ({ ...good, decode }) as Codec;
const reading = (change: (message: ServerMessage, frame: string) => unknown) =>
  decoding((frame) => change(good.decode(frame), frame));
const paying = (change: (payload: Payload, frame: string) => unknown) =>
  reading((message, frame) =>
    message.type === 'next' ? { ...message, payload: change(message.payload, frame) } : message,
  );

const everyDecode = /^decode|^a result/;

export const broken: readonly Broken[] = [
  {
    fault: 'forgets the id of an operation',
    codec: starting(({ type, payload }) => ({ type, payload })),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'forgets the id of a stop',
    codec: encoding((message) =>
      message.type === 'complete' ? '{"type":"stop"}' : good.encode(message),
    ),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'drops variables',
    codec: requesting(({ query, operationName }) => ({ query, operationName })),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'drops the operation’s name',
    codec: requesting(({ query, variables }) => ({ query, variables })),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'drops extensions',
    codec: encoding((message) =>
      message.type === 'subscribe'
        ? good.encode({ ...message, payload: { ...message.payload, extensions: {} } })
        : good.encode(message),
    ),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'drops connectionParams',
    codec: encoding((message) =>
      message.type === 'init' ? '{"type":"connection_init"}' : good.encode(message),
    ),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'tidies documents',
    codec: requesting(({ query, ...request }) => ({
      query: String(query).replace(/\s+/g, ' '),
      ...request,
    })),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'takes ids for numbers',
    codec: starting((start) => ({ ...start, id: Number(start.id) })),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'escapes nothing',
    codec: encoding((message) =>
      'id' in message
        ? `{"type":"${message.type}","id":"${message.id}","payload":"${'payload' in message ? `${message.payload.query}${message.payload.variables}` : ''}"}`
        : good.encode(message),
    ),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'swallows the errors of JSON.stringify',
    codec: encoding((message) => {
      try {
        return good.encode(message);
      } catch {
        return '{}';
      }
    }),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'counts what it writes',
    codec: (() => {
      let n = 0;
      return starting((start) => ({ ...start, n: (n += 1) }));
    })(),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'changes the message it is given',
    codec: encoding((message) => {
      if (message.type === 'subscribe') Object.assign(message.payload, { extensions: {} });
      return good.encode(message);
    }),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'writes later',
    codec: encoding((message) => Promise.resolve(good.encode(message))),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'writes nothing',
    codec: encoding(() => ''),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'throws over whatever it should write',
    codec: encoding(() => {
      throw new RangeError('no room');
    }),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'has a subprotocol of two words',
    codec: { ...good, subprotocol: 'graphql ws' },
    fails: /x/,
    says: 'x',
  },
  { fault: 'can ping, it says', codec: { ...good, canPing: true }, fails: /x/, says: 'x' },
  {
    fault: 'does not say whether it can ping',
    codec: { ...good, canPing: undefined } as unknown as Codec,
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'throws a TypeError',
    codec: decoding((frame) => {
      throw new TypeError(`no ${frame}`);
    }),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'leaves the errors of JSON.parse',
    codec: decoding((frame) => {
      JSON.parse(frame);
      return good.decode(frame);
    }),
    fails: /x/,
    says: 'x',
  },
  { fault: 'returns undefined', codec: decoding(() => undefined), fails: /x/, says: 'x' },
  {
    fault: 'uses an object as a map',
    codec: reading((message, frame) => {
      const { type } = JSON.parse(frame) as { type: string };
      const types: Record<string, unknown> = { ka: 'pong' };
      return message.type === 'unknown' && types[type] ? { type: types[type] } : message;
    }),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'keeps ids in an object',
    codec: reading((message) => {
      if (!('id' in message)) return message;
      const ids: Record<string, string> = {};
      ids[message.id] = message.id;
      return { ...message, id: Object.keys(ids)[0] ?? 'none' };
    }),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'reads ids as numbers where it can',
    codec: reading((message) =>
      'id' in message && /^\d+$/.test(message.id)
        ? { ...message, id: Number(message.id) }
        : message,
    ),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'gives messages without an id to the last operation',
    codec: (() => {
      let last = '1';
      return decoding((frame) => {
        const message = good.decode(frame);
        if ('id' in message) last = message.id;
        const { type } = JSON.parse(frame) as { type: string };
        return message.type === 'unknown' && type === 'complete' ? { type, id: last } : message;
      });
    })(),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'makes a text of any id',
    codec: decoding((frame) => {
      const wire = JSON.parse(frame) as { id: unknown } | null;
      return good.decode(JSON.stringify({ ...wire, id: `${wire?.id}` }));
    }),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'merges what it reads',
    codec: reading((message, frame) => {
      merge({}, JSON.parse(frame));
      return message;
    }),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'reads with a regular expression',
    codec: decoding((frame) => {
      const [, type, id] = /"type":"(\w+)","id":"(\w+)"/.exec(frame) ?? [];
      return type === 'complete' ? { type, id } : good.decode(frame);
    }),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'takes what it does not know for a pong',
    codec: reading((message) => (message.type === 'unknown' ? { type: 'pong' } : message)),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'refuses what it does not know',
    codec: reading((message, frame) => {
      if (message.type === 'unknown') throw new ProtocolError('what?', frame);
      return message;
    }),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'swallows errors',
    codec: reading((message) => (message.type === 'error' ? { ...message, errors: [] } : message)),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'keeps of an error its message',
    codec: reading((message) =>
      message.type === 'error'
        ? { ...message, errors: message.errors.map(({ message }) => ({ message })) }
        : message,
    ),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'drops payloads',
    codec: reading((message) =>
      'payload' in message && message.type !== 'next' ? { type: message.type } : message,
    ),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'has payloads of its own',
    codec: reading((message) =>
      message.type === 'ack' ? { ...message, payload: message.payload ?? {} } : message,
    ),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'gives no payload to a result',
    codec: reading((message) =>
      message.type === 'next' ? { ...message, payload: undefined } : message,
    ),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'gives the data for the result',
    codec: paying((payload) => ({ text: payload.text, decode: () => payload.decode().data })),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'makes a result of anything',
    codec: paying(({ text }) => ({ text, decode: () => ({ data: JSON.parse(text) }) })),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'has the frame as the text of a result',
    codec: paying((payload, frame) => ({ ...payload, text: frame })),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'has no text',
    codec: paying(({ decode }) => ({ text: undefined, decode })),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'has a text that throws',
    codec: paying((payload) => ({
      get text() {
        throw new RangeError('too long');
      },
      decode: payload.decode,
    })),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'has one payload for all results',
    codec: (() => {
      let last: Payload | undefined;
      const one = {
        get text() {
          return last!.text;
        },
        decode: () => last!.decode(),
      };
      return paying((payload) => {
        last = payload;
        return one;
      });
    })(),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'is decoded once',
    codec: paying((payload) => {
      let done = false;
      return {
        text: payload.text,
        decode() {
          if (done) throw new TypeError('no more');
          done = true;
          return payload.decode();
        },
      };
    }),
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'does without replacer and reviver',
    codec: good,
    dialect: { ...appSyncDialect(authorization), create: () => good },
    fails: /x/,
    says: 'x',
  },
  {
    fault: 'is told of in part',
    codec: good,
    dialect: {
      ...appSyncDialect(authorization),
      sends: [
        [{ type: 'init' }, 'init'],
        [{ type: 'ping' }, { type: 'ping' }],
        [{ type: 'complete', id: '1' }, undefined],
      ],
    },
    fails: /x/,
    says: 'x',
  },
];

function merge(target: Record<string, unknown>, source: unknown): void {
  for (const [key, value] of Object.entries(Object(source) as object)) {
    const child = target[key];
    if (typeof child === 'object' && child) merge(child as Record<string, unknown>, value);
    else if (typeof value === 'object' && value) merge((target[key] = {}), value);
    else target[key] = value;
  }
}
