import fc from 'fast-check';

const quoted = (value: string) => JSON.stringify(value);

const inherited = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf'];
const names = [
  ...['connection_ack', 'connection_error', 'ka', 'ping', 'pong', 'next', 'data', 'error'],
  ...[
    'complete',
    'subscribe',
    'start',
    'stop',
    'connection_init',
    'NEXT',
    'next ',
    '',
    'é'.repeat(80),
  ],
];
/** Not strings, or odd ones; as JSON texts. */
const odd = [
  ...['null', 'true', '0', '-0', '1', '1.0', '1e0', '1e999', '9007199254740993', '[]', '{}', '""'],
  ...[
    '[["next"]]',
    '{"toString":"next"}',
    '"\\u0000"',
    '"\\ud800"',
    '"\\/"',
    '"\ud800"',
    '"\u2028"',
  ],
  quoted('é'.repeat(200)),
  quoted('x'.repeat(20_000)),
];
const live = ['%0', '%1', '%2', '%3', '%4'];

const type = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('next', 'data', 'error', 'complete').map(quoted) },
  { weight: 3, arbitrary: fc.constantFrom(...names, ...inherited).map(quoted) },
  { weight: 1, arbitrary: fc.constantFrom('"ne\\u0078t"', ...odd) },
);
const id = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...live.map(quoted)) },
  // as numbers, and escaped
  { weight: 2, arbitrary: fc.constantFrom(...live, '"\\u003%0"') },
  { weight: 2, arbitrary: fc.constantFrom(...inherited).map(quoted) },
  { weight: 2, arbitrary: fc.constantFrom(...odd) },
);

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const hostile = [
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"a":1,"a":2}',
  '{"a":"}\\"}"}',
  '"}"',
  nested(100),
  nested(20_000),
];
const value = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.constantFrom(...hostile),
  fc.constantFrom(...odd),
);
const errors = fc.oneof(
  fc.constantFrom('[{"message":"no"}]', '[null]', '["x"]', '[[]]', '{"errors":[{"message":"no"}]}'),
  value,
);
const field = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constant('data'), value) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('errors'), errors) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constantFrom('hasNext', 'incremental', 'extensions', '__proto__'),
      value,
    ),
  },
);
type Member = readonly [string, string];
const objectOf = (members: readonly Member[]) =>
  `{${members.map(([key, text]) => `${quoted(key)}:${text}`).join(',')}}`;
const payload = fc.oneof(
  { weight: 4, arbitrary: fc.array(field, { minLength: 1, maxLength: 3 }).map(objectOf) },
  { weight: 1, arbitrary: value },
  { weight: 1, arbitrary: errors },
);

/** Members in an order of their own; one may be missing, come twice, or be another. */
const members = fc
  .tuple(
    type,
    id,
    payload,
    fc.constantFrom('extensions', '__proto__', 'id', 'type', 'payload'),
    value,
  )
  .chain(([typeText, idText, payloadText, name, more]) => {
    const regular: Member[] = [
      ['type', typeText],
      ['id', idText],
      ['payload', payloadText],
    ];
    return fc.oneof(
      { weight: 4, arbitrary: fc.constant(regular) },
      { weight: 1, arbitrary: fc.shuffledSubarray(regular, { minLength: 3 }) },
      { weight: 1, arbitrary: fc.shuffledSubarray(regular) },
      {
        weight: 1,
        arbitrary: fc.shuffledSubarray<Member>([...regular, [name, more]], { minLength: 4 }),
      },
    );
  });

const around = fc.constantFrom('', '', '', '', ' ', '\n\t', '\ufeff', '\u00a0', '\u0000', '}', ',');

/** The text of a message, of the right shape or nearly so. */
export const structured: fc.Arbitrary<string> = fc
  .tuple(around, members, around)
  .map(([before, list, after]) => `${before}${objectOf(list)}${after}`);
