import type { ClientMessage, SentRequest } from 'rx-graphql-ws';

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

const values = [1, 0, 1.5, -1, 1e21, null, true, false, '', '1', [], [null], [[]], {}, { a: 1 }];

/** Messages that must have different frames. */
export const differing: Readonly<Record<string, () => readonly ClientMessage[]>> = {
  'ids of subscribe': () => texts.map((id) => subscribe({}, id)),
  'ids of complete': () => texts.map((id) => ({ type: 'complete', id })),
  documents: () => subscribes(texts.map((text) => ({ query: `{ a(b: """${text}""") }` }))),
  'texts in variables': () => subscribes(texts.map((b) => ({ variables: { b } }))),
  'names of variables': () => subscribes(texts.map((name) => ({ variables: { [name]: 1 } }))),
  'values of variables': () => subscribes(values.map((b) => ({ variables: { b } }))),
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
  'a value that throws': () =>
    Object.defineProperty({}, 'b', {
      enumerable: true,
      get: () => {
        throw new RangeError('cannot be read');
      },
    }),
};
