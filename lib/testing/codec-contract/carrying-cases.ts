import type { ClientMessage, Codec } from 'rx-graphql-ws';
import { encoding } from './calls.js';
import { subscribe } from './client-messages.js';
import type { CodecCase } from './codec-case.js';
import { mismatch } from './mismatch.js';
import { parsed } from './parsed.js';
import { shown } from './shown.js';
import { writeMessage, writeOrRefuse } from './write-message.js';

/** Texts that a codec which trims, folds, escapes halfway or counts in numbers would take for one another. */
const texts: readonly string[] = [
  ...Array.from('aAbeé?&+/|,:;#$%"\'\\{}[]😀😁\ufffd'),
  ...'e\u0301 \\\\ \\" \\/ \\n \\u0061 %61 &amp; {} [] "} 1 01 1.0 1e0'.split(' '),
  ...'null undefined __proto__ constructor 9007199254740992 9007199254740993'.split(' '),
  ...['\ud800', '\ud801', '\udc00', 'x'.repeat(10_000), 'x'.repeat(10_001)],
  ...Array.from(' \n\r\t\0\u00a0\u2028\ufeff').flatMap((space) => [
    space,
    `a${space}`,
    `${space}a`,
  ]),
];

const values = [1, 0, 1.5, -1, 1e21, null, true, false, '', '1', [], [null], [[]], {}, { a: 1 }];

/** Messages of which no two may have the same frame. Made afresh: a codec may change what it is given. */
const differing: Readonly<Record<string, () => readonly ClientMessage[]>> = {
  'ids of subscribe': () => texts.map((id) => subscribe({}, id)),
  'ids of complete': () => texts.map((id) => ({ type: 'complete', id })),
  documents: () => texts.map((text) => subscribe({ query: `{ a(b: """${text}""") }` })),
  'texts in variables': () => texts.map((b) => subscribe({ variables: { b } })),
  'names of variables': () => texts.map((name) => subscribe({ variables: { [name]: 1 } })),
  'values of variables': () => values.map((b) => subscribe({ variables: { b } })),
  'operation names': () =>
    [{ operationName: 'A' }, { operationName: 'B' }, {}].map((request) => subscribe(request)),
  extensions: () =>
    [{ extensions: { a: 1 } }, { extensions: { a: 2 } }, {}].map((request) => subscribe(request)),
  'payloads of init': () => [
    { type: 'init', payload: { token: 'a' } },
    { type: 'init', payload: { token: 'b' } },
    { type: 'init' },
  ],
};

/** Values that JSON cannot hold, two of a kind. */
const unserialisable: Readonly<Record<string, (n: number) => unknown>> = {
  'a bigint': (n) => BigInt(n),
  'a cycle': (n) => {
    const cycle: Record<string, unknown> = { n };
    return Object.assign(cycle, { cycle });
  },
  'a list nested deeper than the stack': (n) =>
    Array.from({ length: 50_000 }).reduce((deep) => [deep], n),
};

/** What is given is on the wire. Whatever it looks like there, two messages that differ have frames that differ. */
export function carryingCases(codec: Codec): readonly CodecCase[] {
  return [
    ...Object.entries(differing).map(([what, messages]) => ({
      name: `encode has different frames for different ${what}, or throws`,
      run() {
        checkDifferent(codec, messages());
      },
    })),
    ...escapingCases(codec),
    ...Object.entries(unserialisable).map(([what, make]) => ({
      name: `encode throws over ${what} in variables, unless it can write it`,
      run() {
        checkUnserialisable(codec, what, [make(1), make(2)]);
      },
    })),
    {
      name: 'encode throws over variables that throw',
      run() {
        const b = () => {
          throw new RangeError('cannot be read');
        };
        const variables = Object.defineProperty({}, 'b', { enumerable: true, get: b });
        const frame = writeOrRefuse(codec, subscribe({ variables }));
        if (frame === undefined) return;
        throw mismatch('encode a subscribe whose variables throw', 'the error', shown(frame));
      },
    },
  ];
}

function escapingCases(codec: Codec): readonly CodecCase[] {
  const messages = () => Object.values(differing).flatMap((make) => make());
  return [
    {
      name: 'encode writes JSON whatever the texts are, if it writes JSON',
      run() {
        if (parsed(writeMessage(codec, subscribe({}))) === undefined) return;
        for (const message of messages()) {
          const frame = writeOrRefuse(codec, message);
          if (!frame || parsed(frame) !== undefined) continue;
          throw mismatch(encoding(message), 'JSON, or an error', shown(frame));
        }
      },
    },
    {
      name: 'encode writes what a text frame can hold: no half of a surrogate pair',
      run() {
        for (const message of messages()) {
          const frame = writeOrRefuse(codec, message) ?? '';
          // a WebSocket sends U+FFFD instead
          if (!/\p{Surrogate}/u.test(frame)) continue;
          throw mismatch(encoding(message), 'an escape, or an error', shown(frame));
        }
      },
    },
  ];
}

function checkDifferent(codec: Codec, messages: readonly ClientMessage[]): void {
  const seen = new Map<string, ClientMessage>();
  for (const message of messages) {
    const frame = writeOrRefuse(codec, message);
    // refused, or a message that the protocol does not have and that nobody misses
    if (frame === undefined || (frame === '' && !('payload' in message))) continue;
    const json = parsed(frame);
    // texts that are not escaped differ in a frame, and not in what the server reads
    const read = json === undefined ? frame : JSON.stringify(json);
    const other = seen.get(read);
    if (other) {
      const expected = `a frame that is not the one of ${shown(other)}, or an error`;
      throw mismatch(encoding(message), expected, shown(frame));
    }
    seen.set(read, message);
  }
}

function checkUnserialisable(codec: Codec, what: string, pair: readonly unknown[]): void {
  const [one, other] = pair.map((b) => writeOrRefuse(codec, subscribe({ variables: { b } })));
  if (one === undefined || one !== other) return;
  const where = `encode a subscribe with ${what} in its variables, and another one`;
  throw mismatch(where, 'an error, or frames that differ', shown(one));
}
