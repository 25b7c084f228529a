import type { Broken } from './broken.js';
import { decoding, good, reading } from './broken.js';

/** Each reads what AppSync writes, but for some frames. */
export function brokenFrames(): readonly Broken[] {
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
      fault: 'returns what would decode',
      codec: decoding((frame) => () => good.decode(frame)),
      fails: [/^decode/, /^a result/],
      says: 'actual    a function',
    },
    {
      fault: 'merges what it reads',
      codec: reading((message, frame) => {
        if (frame.length < 1_000) merge({}, JSON.parse(frame));
        return message;
      }),
      fails: [/Object\.prototype/, /a value replaced/, /comes twice/, /remembers/],
      says: '\n  expected  nothing new\n  actual    ["polluted"]',
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
