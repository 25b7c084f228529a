/** Frames that no server should send: no JSON, no object, or an object with nothing in it. */
export const hostileFrames: readonly string[] = [
  '',
  ' ',
  '\0',
  '\ud800',
  'nonsense',
  'undefined',
  'NaN',
  '<html></html>',
  'HTTP/1.1 400 Bad Request',
  '|',
  'x|1|{',
  '{',
  '}',
  '[',
  '"',
  '{}{}',
  '{"type":"x"',
  '{"type":"x"}}',
  '{"type":"x",}',
  '{"type":"x"}\n{"type":"x"}',
  '{"type":"x"}\u00a0',
  '\ufeff{}',
  '\ufeff{"type":"x"}',
  "{'type':'x'}",
  '{type:"x"}',
  'null',
  'true',
  '0',
  '-0',
  '1e999',
  '"x"',
  '"type"',
  '[]',
  '[null]',
  '[[]]',
  '[{"type":"x"}]',
  '{}',
];

/** More of them, too long or too odd to be read in a name. */
export function oddFrames(): readonly (readonly [what: string, frame: string])[] {
  return [
    ['nested lists', deep],
    ['nested lists that do not end', deep.slice(0, depth)],
    ['nested objects', `${'{"type":'.repeat(depth)}1${'}'.repeat(depth)}`],
    ...['connection_ack', 'next', 'data', 'error'].map(
      (type) =>
        [
          `${type} with a payload nested deeper than the stack`,
          `{"type":"${type}","id":"1","payload":{"data":${deep}}}`,
        ] as const,
    ),
    ...['next', 'data', 'complete'].map(
      (type) =>
        [
          `${type} with a huge id`,
          JSON.stringify({ type, id: 'x'.repeat(depth), payload: { data: 1 } }),
        ] as const,
    ),
    ['a huge type', JSON.stringify({ type: 'x'.repeat(depth), id: '1' })],
    ['a field called __proto__', '{"__proto__":{"type":"next","id":"1","payload":{"data":1}}}'],
    ['a field called constructor', '{"constructor":{"type":"next"},"type":"x"}'],
  ];
}

const depth = 100_000;

/** JSON that is nested deeper than any stack. */
export const deep = '['.repeat(depth) + ']'.repeat(depth);

/** Types of both protocols and of AppSync, a client's too, and what nobody sends. */
const types = [
  ...'connection_ack connection_error ka ping pong start_ack next data error complete'.split(' '),
  ...'connection_init subscribe start stop connection_terminate'.split(' '),
  ...'nonsense __proto__ constructor hasOwnProperty toString \ud800 é😀'.split(' '),
  '',
];

const payloads = [
  { data: { a: 1 } },
  [{ message: 'm', path: ['a', 0] }],
  { errors: [{ errorType: 'E', message: 'm' }] },
  undefined,
];

/** Frames of other dialects: one of them may be near what the codec reads. */
export function guessedFrames(): readonly string[] {
  return types.flatMap((type) =>
    payloads.map((payload) => JSON.stringify({ type, id: '1', payload })),
  );
}
