import type { ClientMessage, Codec } from 'rx-graphql-ws';
import { type CodecDialect, frameOf } from './dialect.js';
import { clientMessages, plainMessages, subscribe } from './messages.js';
import {
  type Cases,
  each,
  encoding,
  mismatch,
  parsed,
  sameJson,
  shown,
  writeMessage,
  writeOrRefuse,
} from './reading.js';

/** Texts that a codec would confuse if it trims, folds, escapes too little, or reads numbers. */
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

/** Messages that must have different frames. */
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

/** Variables that JSON cannot hold, two of each kind. */
const unserialisable: Readonly<Record<string, (n: number) => object>> = {
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

/** From messages to frames. */
export function encodingCases(codec: Codec, dialect: CodecDialect): Cases {
  const expectFrame = (message: ClientMessage) => {
    if (writeMessage(codec, message) === '')
      throw mismatch(encoding(message), 'a frame', 'an empty string: nothing is sent');
  };
  /** Fails for the frame of a message that breaks a rule. */
  const refuse =
    (isBroken: (frame: string) => boolean, expected: string) => (message: ClientMessage) => {
      const frame = writeOrRefuse(codec, message) ?? '';
      if (isBroken(frame)) throw mismatch(encoding(message), expected, shown(frame));
    };
  const allDiffering = () => Object.values(differing).flatMap((make) => make());
  return {
    'subprotocol is a name that Sec-WebSocket-Protocol can carry': () => {
      // RFC 6455, section 4.1: a token of RFC 2616, or a browser's WebSocket throws
      const { subprotocol }: { readonly subprotocol: unknown } = codec;
      if (typeof subprotocol === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(subprotocol)) return;
      throw mismatch('subprotocol', 'letters, digits, - . _', shown(subprotocol));
    },
    'canPing is a boolean, and ping has a frame if it is true': () => {
      if (typeof (codec.canPing as unknown) !== 'boolean')
        throw mismatch('canPing', 'true or false', shown(codec.canPing));
      if (codec.canPing) expectFrame({ type: 'ping' });
    },
    'encode gives text for every type of message': each(plainMessages, (message) =>
      writeMessage(codec, message),
    ),
    'encode gives text for a message that a dialect may lack, or throws': each(
      clientMessages,
      (message) => writeOrRefuse(codec, message),
    ),
    'encode has a frame for subscribe': () => expectFrame(subscribe({})),
    'encode writes the same frame for the same message': () => {
      const write = () => clientMessages().map((message) => writeOrRefuse(codec, message));
      const [first, second] = [write(), write()];
      clientMessages().forEach((message, at) => {
        if (first[at] !== second[at])
          throw mismatch(encoding(message), shown(first[at]), shown(second[at]));
      });
    },
    'encode leaves the message unchanged': each(clientMessages, (message) => {
      const before = JSON.parse(JSON.stringify(message)) as ClientMessage;
      writeOrRefuse(codec, message);
      if (!sameJson(message, before))
        throw mismatch(`the message after ${encoding(before)}`, shown(before), shown(message));
    }),
    'encode writes no placeholder for an absent value': each(
      clientMessages,
      refuse((frame) => /undefined|\[object /.test(frame), 'no `undefined` and no `[object …]`'),
    ),
    ...Object.fromEntries(
      Object.entries(differing).map(([what, messages]) => [
        `encode has different frames for different ${what}, or throws`,
        () => checkDifferent(codec, messages()),
      ]),
    ),
    'encode writes JSON for every text, if it writes JSON': () => {
      if (parsed(writeMessage(codec, subscribe({}))) === undefined) return;
      const isBroken = (frame: string) => frame !== '' && parsed(frame) === undefined;
      allDiffering().forEach(refuse(isBroken, 'JSON, or an error'));
    },
    'encode writes no half of a surrogate pair, which no text frame can hold': each(
      allDiffering,
      refuse((frame) => /\p{Surrogate}/u.test(frame), 'an escape, or an error'),
    ),
    'encode throws over variables that JSON cannot hold, unless it can write them': each(
      () => Object.entries(unserialisable),
      ([what, make]) => {
        const messages = [make(1), make(2)].map((variables) => subscribe({ variables }));
        const [one, other] = messages.map((message) => writeOrRefuse(codec, message));
        if (one === undefined || one !== other) return;
        const where = `encode a subscribe with ${what} in its variables, and another one`;
        throw mismatch(where, 'an error, or frames that differ', shown(one));
      },
    ),
    ...(dialect.sends && sampleCases(codec, dialect.sends)),
    ...(dialect.create && replacerCase(dialect.create)),
  };
}

function checkDifferent(codec: Codec, messages: readonly ClientMessage[]): void {
  const seen = new Map<string, ClientMessage>();
  for (const message of messages) {
    const frame = writeOrRefuse(codec, message);
    // the codec refused it, or the protocol has no such message and needs none
    if (frame === undefined || (frame === '' && !('payload' in message))) continue;
    const json = parsed(frame);
    // without an escape, frames differ in text that the server reads alike
    const read = json === undefined ? frame : JSON.stringify(json);
    const other = seen.get(read);
    const expected = () => `another frame than that of ${shown(other)}, or an error`;
    if (other) throw mismatch(encoding(message), expected(), shown(frame));
    seen.set(read, message);
  }
}

function sampleCases(codec: Codec, sends: NonNullable<CodecDialect['sends']>): Cases {
  return {
    'encode writes the samples of `sends`': each(
      () => sends,
      ([message, wire]) => {
        const frame = writeMessage(codec, message);
        const wanted = wire === undefined ? '' : frameOf(wire);
        const json = parsed(frame);
        // fields may have any order
        if (frame === wanted || (json !== undefined && sameJson(json, parsed(wanted)))) return;
        const expected = wanted === '' ? 'an empty string: nothing is sent' : shown(wanted);
        throw mismatch(encoding(message), expected, shown(frame));
      },
    ),
    '`sends` has a sample of every type of message': () => {
      const types = ['init', 'ping', 'pong', 'subscribe', 'complete', 'terminate'];
      const given = types.filter((type) => sends.some(([message]) => message.type === type));
      if (given.length < types.length) throw mismatch('sends', shown(types), shown(given));
    },
  };
}

function replacerCase(create: NonNullable<CodecDialect['create']>): Cases {
  return {
    'encode gives values to the replacer': () => {
      const codec = create((_key, value) =>
        typeof value === 'bigint' ? `${String(value)}n` : value,
      );
      const message = subscribe({ variables: { b: 9007199254740993n } });
      const frame = writeMessage(codec, message);
      if (!frame.includes('9007199254740993n'))
        throw mismatch(encoding(message), 'the replacer’s "9007199254740993n"', shown(frame));
    },
  };
}
