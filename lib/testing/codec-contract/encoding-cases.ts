import type { ClientMessage, Codec } from 'rx-graphql-ws';
import { isBoolean, isText } from '../check.js';
import { parsed, sameJson } from '../json.js';
import { fieldName } from '../refusals.js';
import { type CodecDialect, frameOf } from './dialect.js';
import { clientMessages, differing, plainMessages, subscribe, unserialisable } from './examples.js';
import {
  type Cases,
  casesOf,
  each,
  encoding,
  mismatch,
  mustEqual,
  shown,
  writeMessage,
  writeOrRefuse,
} from './reading.js';

export function encodingCases(codec: Codec, { sends, create }: CodecDialect): Cases {
  return {
    ...traitCases(codec),
    ...writingCases(codec),
    ...differenceCases(codec),
    ...(sends && sendsCases(codec, sends)),
    ...(create && { 'encode gives values to the replacer': () => checkReplacer(create) }),
  };
}

function traitCases(codec: Codec): Cases {
  const traits: { readonly subprotocol: unknown; readonly canPing: unknown } = codec;
  return {
    'subprotocol is a name that Sec-WebSocket-Protocol can carry': () => {
      const { subprotocol } = traits;
      // RFC 6455, section 4.1: a token of RFC 2616, or a browser's WebSocket throws
      if (isText(subprotocol) && fieldName.test(subprotocol)) return;
      throw mismatch('subprotocol', 'letters, digits, - . _', shown(subprotocol));
    },
    'canPing is a boolean, and ping has a frame if it is true': () => {
      const { canPing } = traits;
      if (!isBoolean(canPing)) throw mismatch('canPing', 'true or false', shown(canPing));
      if (canPing) expectFrame(codec, { type: 'ping' });
    },
  };
}

function writingCases(codec: Codec): Cases {
  const write = (message: ClientMessage) => writeOrRefuse(codec, message);
  return {
    'encode gives text for every type of message': each(plainMessages, (message) =>
      writeMessage(codec, message),
    ),
    'encode gives text for a message that a dialect may lack, or throws': each(
      clientMessages,
      write,
    ),
    'encode has a frame for subscribe': () => expectFrame(codec, subscribe({})),
    'encode writes the same frame for the same message': () => {
      const [first, second] = [clientMessages().map(write), clientMessages().map(write)];
      clientMessages().forEach((message, at) =>
        mustEqual(encoding(message), second[at], first[at]),
      );
    },
    'encode leaves the message unchanged': each(clientMessages, (message) => {
      const before = JSON.parse(JSON.stringify(message)) as ClientMessage;
      write(message);
      mustEqual(`the message after ${encoding(before)}`, message, before);
    }),
    'encode writes no placeholder for an absent value': each(
      clientMessages,
      refuse(codec, /undefined|\[object /, 'no `undefined` and no `[object …]`'),
    ),
  };
}

function differenceCases(codec: Codec): Cases {
  const allDiffering = () => Object.values(differing).flatMap((make) => make());
  const noJson = { test: (frame: string) => frame !== '' && parsed(frame) === undefined };
  return {
    ...casesOf(
      differing,
      'encode has different frames for different %, or throws',
      (messages) => () => checkDifferent(codec, messages()),
    ),
    'encode writes JSON for every text, if it writes JSON': () => {
      if (parsed(writeMessage(codec, subscribe({}))) === undefined) return;
      allDiffering().forEach(refuse(codec, noJson, 'JSON, or an error'));
    },
    'encode writes no half of a surrogate pair, which no text frame can hold': each(
      allDiffering,
      refuse(codec, /\p{Surrogate}/u, 'an escape, or an error'),
    ),
    'encode throws over variables that JSON cannot hold, unless it can write them': each(
      Object.entries(unserialisable),
      ([what, make]) => {
        const [one, other] = [1, 2].map((n) =>
          writeOrRefuse(codec, subscribe({ variables: make(n) })),
        );
        if (one === undefined || one !== other) return;
        const where = `encode a subscribe with ${what} in its variables, and another one`;
        throw mismatch(where, 'an error, or frames that differ', shown(one));
      },
    ),
  };
}

function sendsCases(codec: Codec, sends: NonNullable<CodecDialect['sends']>): Cases {
  return {
    'encode writes the samples of `sends`': each(sends, ([message, wire]) => {
      const frame = writeMessage(codec, message);
      const wanted = wire === undefined ? '' : frameOf(wire);
      const json = parsed(frame);
      // fields may have any order
      if (frame === wanted || (json !== undefined && sameJson(json, parsed(wanted)))) return;
      throw mismatch(encoding(message), wanted === '' ? nothing : shown(wanted), shown(frame));
    }),
    '`sends` has a sample of every type of message': () => {
      const types = ['init', 'ping', 'pong', 'subscribe', 'complete', 'terminate'];
      const given = types.filter((type) => sends.some(([message]) => message.type === type));
      if (given.length < types.length) throw mismatch('sends', shown(types), shown(given));
    },
  };
}

function checkReplacer(create: NonNullable<CodecDialect['create']>): void {
  const inWords = create((_key, value) => (typeof value === 'bigint' ? `${value}n` : value));
  const message = subscribe({ variables: { b: 9007199254740993n } });
  const frame = writeMessage(inWords, message);
  if (!frame.includes('9007199254740993n'))
    throw mismatch(encoding(message), 'the replacer’s "9007199254740993n"', shown(frame));
}

function expectFrame(codec: Codec, message: ClientMessage): void {
  if (writeMessage(codec, message) === '') throw mismatch(encoding(message), 'a frame', nothing);
}

const refuse =
  (codec: Codec, isBroken: Pick<RegExp, 'test'>, expected: string) => (message: ClientMessage) => {
    const frame = writeOrRefuse(codec, message) ?? '';
    if (isBroken.test(frame)) throw mismatch(encoding(message), expected, shown(frame));
  };

const nothing = 'an empty string: nothing is sent';

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
