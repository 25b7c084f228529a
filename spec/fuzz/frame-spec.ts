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
const structured: fc.Arbitrary<string> = fc
  .tuple(around, members, around)
  .map(([before, list, after]) => `${before}${objectOf(list)}${after}`);

/** Frames as servers send them, in either dialect; `%0` to `%4` are the ids of the operations under way. */
const corpus: readonly string[] = [
  '{"type":"connection_ack"}',
  '{"type":"connection_ack","payload":{"connectionTimeoutMs":300000}}',
  '{"type":"connection_error","payload":{"message":"expired"}}',
  '{"type":"ka"}',
  '{"type":"ping"}',
  '{"type":"ping","payload":{"at":1768478400000}}',
  '{"type":"pong"}',
  '{"type":"next","id":"%0","payload":{"data":{"EVM":{"Blocks":[{"Block":{"Number":"24200001","TxCount":212}}]}}}}',
  '{"id":"%1","type":"next","payload":{"data":{"ticks":[{"number":1,"price":7.25},{"number":2,"price":7.5}]}}}',
  '{"type":"next","id":"%2","payload":{"data":{"name":"caf\\u00e9 \\ud83d\\ude00 \\"x\\"","flags":[true,false,null]}}}',
  '{"type":"next","id":"%3","payload":{"data":{"balance":"179.630871"},"extensions":{"cost":5}}}',
  '{"type":"next","id":"%4","payload":{"data":{"placed":true}}}',
  '{"type":"data","id":"%0","payload":{"data":{"Solana":{"DEXTrades":[{"Trade":{"Index":0,"Buy":{"Amount":"12.000001"}}}]}}}}',
  '{"type":"data","id":"%1","payload":{"data":{"Tron":{"Transfers":[{"Transfer":{"Amount":"1","Currency":{"Symbol":"é"}}}]}}}}',
  '{"type":"data","payload":{"data":{"liveMeasurement":{"power":1180,"timestamp":"2026-01-15T12:00:03.000+01:00"}}},"id":"%2"}',
  '{"type":"data","id":"%3","payload":{"data":null,"errors":[{"message":"no such account","path":["balance"]}]}}',
  '{"type":"next","id":"%1","payload":{"errors":[{"message":"too many","locations":[{"line":1,"column":2}]}]}}',
  '{"type":"next","id":"%1","payload":{"incremental":[{"path":["a"],"data":{"b":1}}],"hasNext":true}}',
  '{"type":"next","id":"%3","payload":{"incremental":[],"hasNext":true}}',
  '{"type":"data","id":"%4","payload":{"pending":[],"hasNext":true}}',
  '{"type":"next","id":"%4","payload":{"hasNext":false}}',
  '{"type":"data","id":"%4","payload":{"errors":[],"extensions":{}}}',
  '{"type":"error","id":"%0","payload":[{"message":"unknown field"}]}',
  '{"type":"error","id":"%1","payload":{"message":"unauthorized"}}',
  '{"type":"complete","id":"%2"}',
  '{"type":"complete","id":"%3","payload":{"data":{"name":"Ada"}}}',
  '{"type":"complete","id":"%0","payload":{"data":null,"errors":[{"message":"no"}]}}',
  '{"type":"start_ack","id":"%0"}',
  ' {\n  "type" : "next",\n  "id" : "%0",\n  "payload" : { "data" : { "n" : -0.5e3 } }\n}\n',
];

/** One change to a sequence of characters or bytes; `at` counts modulo its length. */
export interface Edit {
  readonly how: 'flip' | 'replace' | 'insert' | 'drop' | 'repeat' | 'cut' | 'swap';
  readonly at: number;
  readonly length: number;
  readonly value: number;
}

/** A frame before the ids are known. */
export interface FrameSpec {
  readonly template: string;
  /** Changes to its characters, or, in binary, to its bytes. */
  readonly edits: readonly Edit[];
  readonly form: 'text' | 'ArrayBuffer' | 'Uint8Array';
}

const edit: fc.Arbitrary<Edit> = fc.record({
  how: fc.constantFrom('flip', 'replace', 'insert', 'drop', 'repeat', 'cut', 'swap'),
  at: fc.nat(4_000),
  length: fc.integer({ min: 1, max: 20 }),
  value: fc.oneof(
    // no UTF-8 by themselves
    fc.constantFrom(0x80, 0xc3, 0xff),
    fc.constantFrom(...Array.from('{}[]",:\\ \u0000', (each) => each.charCodeAt(0))),
    fc.nat(0xffff),
  ),
});
const form: fc.Arbitrary<FrameSpec['form']> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<FrameSpec['form']>('text') },
  { weight: 1, arbitrary: fc.constantFrom<FrameSpec['form'][]>('ArrayBuffer', 'Uint8Array') },
);
const spec = (template: fc.Arbitrary<string>, edits: fc.Arbitrary<Edit[]>) =>
  fc.record({ template, edits, form });
/** Code units, those that make no text among them. */
const noise = fc
  .array(fc.nat(0xffff), { maxLength: 30 })
  .map((units) => units.map((unit) => String.fromCharCode(unit)).join(''));
const none = fc.constant<Edit[]>([]);

/** Structured frames, right and wrong; recorded ones, damaged and whole; and noise. */
export const frameSpec: fc.Arbitrary<FrameSpec> = fc.oneof(
  { weight: 5, arbitrary: spec(structured, none) },
  { weight: 3, arbitrary: spec(fc.constantFrom(...corpus), none) },
  {
    weight: 5,
    arbitrary: spec(fc.constantFrom(...corpus), fc.array(edit, { minLength: 1, maxLength: 4 })),
  },
  { weight: 1, arbitrary: spec(fc.json(), none) },
  { weight: 1, arbitrary: spec(noise, none) },
);
