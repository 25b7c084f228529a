import type { Payload } from 'rx-graphql-ws';
import { ProtocolError } from 'rx-graphql-ws';
import type { Broken } from './broken.js';
import { decoding, good, goodDialect, paying, reading } from './broken.js';

/** Each reads as AppSync writes, but for one thing. */
export function brokenDecoding(): readonly Broken[] {
  return [...ofFrames(), ...ofIds(), ...ofTypes(), ...ofErrors(), ...ofResults()];
}

function ofFrames(): readonly Broken[] {
  return [
    {
      fault: 'throws a TypeError',
      codec: decoding((frame) => {
        throw new TypeError(`no ${frame}`);
      }),
      fails: [/^decode/, /^a result/],
      says: 'actual    TypeError: no {"type":"connection_ack"}',
    },
    {
      fault: 'leaves the errors of JSON.parse as they are',
      codec: decoding((frame) => {
        JSON.parse(frame);
        return good.decode(frame);
      }),
      fails: [
        /JSON no longer/,
        /ProtocolError for '/,
        /do not end/,
        /cut off/,
        /a character changed/,
        /remembers/,
      ],
      says: 'expected  a message, or a ProtocolError\n  actual    SyntaxError: ',
    },
    {
      fault: 'returns undefined',
      codec: decoding(() => undefined),
      fails: [/^decode/, /^a result/],
      says: 'expected  a message of the type ack, rejected, ping, pong, next, error, complete, unknown',
    },
    {
      fault: 'merges what it reads',
      codec: reading((message, frame) => {
        if (frame.length < 1_000) merge({}, JSON.parse(frame));
        return message;
      }),
      fails: [/Object\.prototype/],
      says: `actual    ["polluted"`,
    },
    {
      fault: 'reads with a regular expression',
      codec: decoding((frame) => {
        const [, type, id] = /"type":"(\w+)","id":"(\w+)"/.exec(frame) ?? [];
        return type === 'complete' ? { type, id } : good.decode(frame);
      }),
      fails: [/JSON no longer/],
      says: 'expected  type unknown, or a ProtocolError here or of payload.decode()',
    },
    {
      fault: 'knows frames of one form only',
      codec: decoding((frame) =>
        /^\{"type":"\w+"(,"id":".+?")?(,"payload":.+)?\}$/s.test(frame)
          ? good.decode(frame)
          : { type: 'unknown', frame },
      ),
      fails: [/another order/, /white space/, /nobody knows/],
      says: 'actual    {"type":"unknown"}',
    },
  ];
}

function ofIds(): readonly Broken[] {
  let last = '1';
  return [
    {
      fault: 'keeps ids in an object',
      codec: reading((message) => {
        if (!('id' in message)) return message;
        const ids: Record<string, string> = {};
        ids[message.id] = message.id;
        return { ...message, id: Object.keys(ids)[0] ?? 'none' };
      }),
      fails: [/id '__proto__'/],
      says: '"id":"none"',
    },
    {
      fault: 'has ids that are numbers',
      codec: reading((message) =>
        'id' in message && /^\d+$/.test(message.id)
          ? { ...message, id: Number(message.id) }
          : message,
      ),
      fails: [/^decode/, /^a result/],
      says: '.id\n  expected  a string that is not empty\n  actual    1',
    },
    {
      fault: 'gives an end without an id to the last operation',
      codec: decoding((frame) => {
        const message = good.decode(frame);
        if ('id' in message) last = message.id;
        const { type } = JSON.parse(frame) as { type: string };
        return message.type === 'unknown' && type === 'complete' ? { type, id: last } : message;
      }),
      fails: [
        /complete with the id .* to no operation/,
        /complete with a number as its id/,
        /remembers nothing/,
      ],
      says: 'expected  no message of an operation\n',
    },
    {
      fault: 'makes a text of any id',
      codec: reading((message, frame) => {
        const { id, type } = JSON.parse(frame) as { id: unknown; type: unknown };
        return message.type === 'unknown' && type === 'data'
          ? { type: 'complete', id: `${JSON.stringify(id)}-` }
          : message;
      }),
      fails: [/data with the id .* to no operation/, /data with a number as its id/],
      says: '"id":"undefined-"',
    },
  ];
}

function ofTypes(): readonly Broken[] {
  return [
    {
      fault: 'uses an object as a map',
      codec: reading((message, frame) => {
        const types: Record<string, unknown> = { ka: 'pong' };
        const type = types[(JSON.parse(frame) as { type: string }).type];
        return message.type === 'unknown' && type ? { type } : message;
      }),
      fails: [
        /type '(__proto__|constructor|toString)'/,
        /other dialects/,
        /a value replaced/,
        /comes twice/,
        /Object\.prototype/,
      ],
      says: 'expected  a message of the type',
    },
    {
      fault: 'takes what it does not know for a pong',
      codec: reading((message) => (message.type === 'unknown' ? { type: 'pong' } : message)),
      fails: [/as unknown/, /for nothing that it knows/],
      says: 'actual    {"type":"pong"}',
    },
    {
      fault: 'refuses what it does not know',
      codec: reading((message, frame) => {
        if (message.type === 'unknown') throw new ProtocolError('what?', frame);
        return message;
      }),
      fails: [/as unknown/],
      says: 'actual    ProtocolError: what?',
    },
    {
      fault: 'cuts what it does not know',
      codec: reading((message, frame) =>
        message.type === 'unknown' ? { ...message, frame: frame.slice(0, 9) } : message,
      ),
      fails: [/as unknown/, /for nothing that it knows/, /^decode/],
      says: '.frame\n  expected  the frame as it came',
    },
    {
      fault: 'drops payloads',
      codec: reading((message) =>
        message.type === 'next' || 'id' in message || message.type === 'unknown'
          ? message
          : { type: message.type },
      ),
      fails: [/reads (connection_ack|ka) with the payload/],
      says: 'expected  {"type":"ack","payload":null}',
    },
    {
      fault: 'has payloads of its own',
      codec: reading((message) =>
        'payload' in message && message.type !== 'next'
          ? { ...message, payload: message.payload ?? {} }
          : message,
      ),
      fails: [/reads (connection_ack|ka) as/, /with the payload null/],
      says: 'actual    {"type":"ack","payload":{}}',
    },
  ];
}

function ofErrors(): readonly Broken[] {
  return [
    {
      fault: 'swallows errors',
      codec: reading((message) =>
        message.type === 'error' ? { ...message, errors: [] } : message,
      ),
      fails: [/reads an error/, /^decode/],
      says: 'expected  at least one error, each with a text as its `message`\n  actual    []',
    },
    {
      fault: 'keeps of an error its message alone',
      codec: reading((message) =>
        message.type === 'error'
          ? { ...message, errors: message.errors.map((error) => ({ message: error.message })) }
          : message,
      ),
      fails: [/an error, and all that it says/],
      says: 'actual    {"type":"error","id":"1","errors":[{"message":"m"},{"message":"n"}]}',
    },
    {
      fault: 'keeps the first error alone',
      codec: reading((message) =>
        message.type === 'error' ? { ...message, errors: message.errors.slice(0, 1) } : message,
      ),
      fails: [/an error, and all that it says/],
      says: '{"message":"n"}',
    },
  ];
}

function ofResults(): readonly Broken[] {
  let last: Payload | undefined;
  return [
    {
      fault: 'gives no payload to a result',
      codec: paying(() => undefined),
      fails: [/reads a result/, /^decode/, /^a result may/, /^a result has/, /late/],
      says: '.payload\n  expected  an object with `text` and `decode()`',
    },
    {
      fault: 'gives the data for the result',
      codec: paying(({ text, decode }) => ({ text, decode: () => decode().data })),
      fails: [/reads a result/, /^decode/, /^a result may be/, /^a result has/, /late/, /reviver/],
      says: '.payload.decode()\n  expected  a result (data, errors, incremental or hasNext), or a ProtocolError',
    },
    {
      fault: 'makes a result of anything',
      codec: paying(({ text }) => ({
        text,
        decode: () => ({ data: JSON.parse(text) as unknown }),
      })),
      fails: [/^a result may be/, /^a result may not be/, /data of its own/, /late/],
      says: '"result":{"data":{"data":',
    },
    {
      fault: 'refuses every result',
      codec: reading((message, frame) => {
        if (message.type === 'next') throw new ProtocolError('no results', frame);
        return message;
      }),
      fails: [/reads a result/, /^a result/],
      says: 'actual    ProtocolError: no results',
    },
    {
      fault: 'has the frame as the text of a result',
      codec: paying((payload, frame) => ({ ...payload, text: frame })),
      fails: [/its JSON as its text/],
      says: `.payload.text\n  expected  {"data":{"a":[1,"é",null]}}\n  actual    '{"type":"data"`,
    },
    {
      fault: 'has another text for every id',
      codec: paying(({ text, decode }, frame) => ({
        decode,
        text: text + ' '.repeat(frame.indexOf('"2"') + 1),
      })),
      fails: [/its JSON as its text/],
      says: '.payload.text',
    },
    {
      fault: 'has no text',
      codec: paying(({ decode }) => ({ text: undefined, decode })),
      fails: [/reads a result/, /^decode/, /^a result/],
      says: '.payload.text\n  expected  a string\n  actual    undefined',
    },
    {
      fault: 'has a text that throws',
      codec: paying(({ decode }, frame) => ({
        get text() {
          throw new ProtocolError('no text', frame);
        },
        decode,
      })),
      fails: [/reads a result/, /^decode/, /^a result/],
      says: '.payload.text\n  expected  a string\n  actual    ProtocolError: no text',
    },
    {
      fault: 'has one payload for all results',
      codec: paying((payload) => {
        last = payload;
        return {
          get text() {
            return last?.text;
          },
          decode: () => last?.decode(),
        };
      }),
      fails: [/late/],
      says: 'after other frames\n  expected  {"data":"1"}\n  actual    {"data":"3"}',
    },
    {
      fault: 'decodes once',
      codec: paying(({ text, decode }) => {
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
      fails: [/late/],
      says: 'actual    TypeError: no more',
    },
    {
      fault: 'has no use for a reviver',
      codec: good,
      dialect: { ...goodDialect(), create: () => good },
      fails: [/reviver/],
      says: '"result":{"data":{"at":"1"}}',
    },
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
