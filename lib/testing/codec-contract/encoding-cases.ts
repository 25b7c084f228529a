import type { ClientMessage, Codec } from 'rx-graphql-ws';
import { type CodecDialect, frameOf } from './dialect.js';
import { parsed, sameJson } from '../json.js';
import { clientMessages, differing, plainMessages, subscribe, unserialisable } from './messages.js';
import {
  type Cases,
  casesOf,
  each,
  encoding,
  mismatch,
  shown,
  writeMessage,
  writeOrRefuse,
} from './reading.js';

/** From messages to frames. */
export function encodingCases(codec: Codec, { sends, create }: CodecDialect): Cases {
  const write = (message: ClientMessage) => writeOrRefuse(codec, message);
  const expectFrame = (message: ClientMessage) => {
    if (writeMessage(codec, message) === '') throw mismatch(encoding(message), 'a frame', nothing);
  };
  /** Fails for the frame of a message that breaks a rule. */
  const refuse =
    (isBroken: (frame: string) => boolean, expected: string) => (message: ClientMessage) => {
      const frame = write(message) ?? '';
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
      write,
    ),
    'encode has a frame for subscribe': () => expectFrame(subscribe({})),
    'encode writes the same frame for the same message': () => {
      const first = clientMessages().map(write);
      const second = clientMessages().map(write);
      clientMessages().forEach((message, at) => {
        if (first[at] !== second[at])
          throw mismatch(encoding(message), shown(first[at]), shown(second[at]));
      });
    },
    'encode leaves the message unchanged': each(clientMessages, (message) => {
      const before = JSON.parse(JSON.stringify(message)) as ClientMessage;
      write(message);
      if (!sameJson(message, before))
        throw mismatch(`the message after ${encoding(before)}`, shown(before), shown(message));
    }),
    'encode writes no placeholder for an absent value': each(
      clientMessages,
      refuse((frame) => /undefined|\[object /.test(frame), 'no `undefined` and no `[object …]`'),
    ),
    ...casesOf(
      differing,
      (what) => `encode has different frames for different ${what}, or throws`,
      (messages) => () => checkDifferent(codec, messages()),
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
        const [one, other] = [1, 2].map((n) => write(subscribe({ variables: make(n) })));
        if (one === undefined || one !== other) return;
        const where = `encode a subscribe with ${what} in its variables, and another one`;
        throw mismatch(where, 'an error, or frames that differ', shown(one));
      },
    ),
    ...(sends && {
      'encode writes the samples of `sends`': each(
        () => sends,
        ([message, wire]) => {
          const frame = writeMessage(codec, message);
          const wanted = wire === undefined ? '' : frameOf(wire);
          const json = parsed(frame);
          // fields may have any order
          if (frame === wanted || (json !== undefined && sameJson(json, parsed(wanted)))) return;
          throw mismatch(encoding(message), wanted === '' ? nothing : shown(wanted), shown(frame));
        },
      ),
      '`sends` has a sample of every type of message': () => {
        const types = ['init', 'ping', 'pong', 'subscribe', 'complete', 'terminate'];
        const given = types.filter((type) => sends.some(([message]) => message.type === type));
        if (given.length < types.length) throw mismatch('sends', shown(types), shown(given));
      },
    }),
    ...(create && {
      'encode gives values to the replacer': () => {
        const inWords = create((_key, value) =>
          typeof value === 'bigint' ? `${String(value)}n` : value,
        );
        const message = subscribe({ variables: { b: 9007199254740993n } });
        const frame = writeMessage(inWords, message);
        if (!frame.includes('9007199254740993n'))
          throw mismatch(encoding(message), 'the replacer’s "9007199254740993n"', shown(frame));
      },
    }),
  };
}

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
