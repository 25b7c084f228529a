import type { ClientMessage, SentRequest } from 'rx-graphql-ws';
import { isComposite } from '../is-equal.js';
import { parsed } from '../json.js';

/** A `subscribe` without variables has none in its frame either. */
export function subscribe(request: Partial<SentRequest>, id = '1'): ClientMessage {
  return { type: 'subscribe', id, payload: { query: '{ a }', ...request } as SentRequest };
}

const subscribes = (requests: readonly Partial<SentRequest>[]) =>
  requests.map((request) => subscribe(request));

/** Messages that no codec may refuse. All messages here are made afresh, because a codec may change them. */
export const plainMessages = (): readonly ClientMessage[] => [
  { type: 'ping' },
  { type: 'pong' },
  ...subscribes([{}, { variables: {} }, { variables: { b: [null, { c: 1.5 }], d: 'é' } }]),
  { type: 'complete', id: '1' },
  { type: 'terminate' },
];

/** Further messages, which a dialect may lack: then the codec may throw. */
export const clientMessages = (): readonly ClientMessage[] => [
  ...plainMessages(),
  { type: 'init' },
  { type: 'init', payload: { token: 't' } },
  ...[null, {}, { n: 1 }, [], 'echo', 0].map((payload) => ({ type: 'pong', payload }) as const),
  ...subscribes([{ operationName: 'A' }, { extensions: { persistedQuery: { version: 1 } } }]),
];

/** Texts that a codec would confuse if it trims, folds, escapes too little, or reads numbers. */
const texts: readonly string[] = [
  ...Array.from('aAbeé?&+/|,:;#$%"\'\\{}[]😀😁\ufffd'),
  ...'e\u0301 \\\\ \\" \\/ \\n \\u0061 %61 &amp; {} [] "} 1 01 1.0 1e0'.split(' '),
  ...'null undefined __proto__ constructor 9007199254740992 9007199254740993'.split(' '),
  ...['\ud800', '\ud801', '\udc00', 'x'.repeat(10_000), 'x'.repeat(10_001)],
  ...Array.from(' \n\r\t\0\u00a0\u2028\ufeff').flatMap((gap) => [gap, `a${gap}`, `${gap}a`]),
];

const plain = [1, 0, 1.5, -1, 1e21, null, true, false, '', '1', [], [null], [[]], {}, { a: 1 }];

export const differing: Readonly<Record<string, () => readonly ClientMessage[]>> = {
  'ids of subscribe': () => texts.map((id) => subscribe({}, id)),
  'ids of complete': () => texts.map((id) => ({ type: 'complete', id })),
  documents: () => subscribes(texts.map((text) => ({ query: `{ a(b: """${text}""") }` }))),
  'texts in variables': () => subscribes(texts.map((b) => ({ variables: { b } }))),
  'names of variables': () => subscribes(texts.map((name) => ({ variables: { [name]: 1 } }))),
  'values of variables': () => subscribes(plain.map((b) => ({ variables: { b } }))),
  'operation names': () => subscribes([{ operationName: 'A' }, { operationName: 'B' }, {}]),
  extensions: () => subscribes([{ extensions: { a: 1 } }, { extensions: { a: 2 } }, {}]),
  'payloads of init': () => [
    { type: 'init', payload: { token: 'a' } },
    { type: 'init', payload: { token: 'b' } },
    { type: 'init' },
  ],
};

/** Variables that JSON cannot hold, two of each kind. */
export const unserialisable: Readonly<Record<string, (n: number) => object>> = {
  'a bigint': (n) => ({ b: BigInt(n) }),
  'a cycle': (n) => {
    const cycle: Record<string, unknown> = { n };
    return Object.assign(cycle, { cycle });
  },
  'a list nested deeper than the stack': (n) => ({
    b: Array.from({ length: 50_000 }).reduce((list) => [list], n),
  }),
  'a value that throws': () => ({
    get b(): unknown {
      throw new RangeError('cannot be read');
    },
  }),
};

type Change = (frame: string) => readonly string[];

const depth = 100_000;

export const deep = '['.repeat(depth) + ']'.repeat(depth);

const words = (text: string) => text.split(' ');

/** Frames that no server should send: no JSON, no object, or an empty object. */
export const hostileFrames: readonly string[] = [
  ...['', ' ', '\0', '\ud800', 'HTTP/1.1 400 Bad Request', '{"type":"x"}\n{"type":"x"}'],
  ...words('nonsense undefined NaN <html></html> | x|1|{ { } [ " {}{} {"type":"x" {"type":"x"}}'),
  ...words(`{"type":"x",} \ufeff{} \ufeff{"type":"x"} {'type':'x'} {type:"x"} null true 0 -0`),
  ...words('1e999 "x" "type" [] [null] [[]] [{"type":"x"}] {} {"type":"x"}\u00a0'),
];

export function hugeFrames(): readonly string[] {
  const huge = 'x'.repeat(depth);
  return [
    deep,
    deep.slice(0, depth),
    `${'{"type":'.repeat(depth)}1${'}'.repeat(depth)}`,
    ...['connection_ack', 'next', 'data', 'error'].map(
      (type) => `{"type":"${type}","id":"1","payload":{"data":${deep}}}`,
    ),
    ...['next', 'data', 'complete'].map((type) =>
      JSON.stringify({ type, id: huge, payload: { data: 1 } }),
    ),
    JSON.stringify({ type: huge, id: '1' }),
    '{"__proto__":{"type":"next","id":"1","payload":{"data":1}}}',
    '{"constructor":{"type":"next"},"type":"x"}',
  ];
}

/** Frames of the known protocols, of AppSync, of clients, and of nobody. Some may be similar to those of the codec. */
export function guessedFrames(): readonly string[] {
  const types = [
    ...words('connection_ack connection_error ka ping pong start_ack next data error complete'),
    ...words('connection_init subscribe start stop connection_terminate'),
    ...words('nonsense __proto__ constructor hasOwnProperty toString \ud800 é😀'),
    '',
  ];
  const payloads = [
    { data: { a: 1 } },
    [{ message: 'm', path: ['a', 0] }],
    { errors: [{ errorType: 'E', message: 'm' }] },
    undefined,
  ];
  return types.flatMap((type) =>
    payloads.map((payload) => JSON.stringify({ type, id: '1', payload })),
  );
}

/** A character may get lost, or change into one that JSON reads differently. */
const replacements = ['', ...Array.from('x1"\\,\0\ud800')];

/** Further characters: white space that JSON does not know, and the characters of JSON. */
const insertions = Array.from('\u00a0\ufeff\u2028\v\f{}"');

const values: readonly unknown[] = [
  ...[null, true, false, 0, 1, -1, 1.5, '', ' ', 'x', '__proto__', 'constructor', 'toString'],
  ...[[], [null], [[]], ['x'], [{}]],
  ...[{}, { a: 1 }, { message: 1 }, { errors: 'x' }, { errors: [null] }, { length: -1 }],
  // String() and a careless merge fail over these
  { toString: null, valueOf: null },
  { constructor: { prototype: { polluted: 1 } } },
  parsed('{"__proto__":{"type":"next","id":"1","data":1,"message":"m"}}'),
];

export const cutOff: Change = (frame) =>
  Array.from(frame.slice(1), (_, end) => frame.slice(0, end + 1));

export const slipped: Change = (frame) =>
  Array.from({ length: frame.length + 1 }).flatMap((_, at) => [
    ...replacements.map((text) => frame.slice(0, at) + text + frame.slice(at + 1)),
    ...insertions.map((text) => frame.slice(0, at) + text + frame.slice(at)),
  ]);

export const replaced: Change = (frame) => {
  const json = parsed(frame);
  return json === undefined ? [] : variantsOf(json, 3).map((variant) => JSON.stringify(variant));
};

/** Adds each field of an object again, with another value, in front and at the end. */
export const doubled: Change = (frame) => {
  const json = parsed(frame);
  if (!isComposite(json) || Array.isArray(json)) return [];
  const own = JSON.stringify(json).slice(1, -1);
  return Object.keys(json).flatMap((name) =>
    values.flatMap((value) => {
      const field = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
      return [`{${field},${own}}`, `{${own},${field}}`];
    }),
  );
};

function variantsOf(value: unknown, levels: number): readonly unknown[] {
  if (!isComposite(value) || levels === 0) return values;
  const changed = Object.keys(value).flatMap((key) => {
    const { [key]: child, ...rest } = value;
    const variants = variantsOf(child, levels - 1);
    return [rest, ...variants.map((variant) => ({ ...value, [key]: variant }))];
  });
  return [...values, ...changed.map((each) => (Array.isArray(value) ? Object.values(each) : each))];
}
