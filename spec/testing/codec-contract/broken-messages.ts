import { ProtocolError } from 'rx-graphql-ws';
import type { Broken } from './broken.js';
import { decoding, good, reading } from './broken.js';

/** Each reads what AppSync writes, but for an id, a type or an error. */
export function brokenMessages(): readonly Broken[] {
  return [...ofIds(), ...ofTypes(), ...ofErrors()];
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
        /remembers/,
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
      fails: [/reads connection_ack with the payload/],
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
